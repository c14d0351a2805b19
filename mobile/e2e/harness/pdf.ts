// A PDF, opened as somebody would who wants to change what it says: the newest version of one of
// its parts is written behind the end, as every program does that edits one.
import { deflateSync, inflateSync } from 'node:zlib';

/** The PDF with a word changed in the file it carries that begins like `begins`. */
export function withChange(pdf: Buffer, begins: string, from: string, to: string): Buffer {
  const text = pdf.toString('latin1');
  for (const part of text.matchAll(/(\d+) 0 obj\s*<<[^]*?>>\s*stream\r?\n/g)) {
    const start = (part.index ?? 0) + part[0].length;
    const content = unpacked(pdf.subarray(start, text.indexOf('endstream', start)));
    if (content?.startsWith(begins) && content.includes(from)) {
      const changed = Buffer.from(content.replace(from, to));
      return Buffer.concat([pdf, update(text, part[1] ?? '', changed, pdf.length)]);
    }
  }
  throw new Error(`nothing in the PDF begins with ${begins} and says ${from}`);
}

function unpacked(stream: Buffer): string | undefined {
  try {
    return inflateSync(stream).toString();
  } catch {
    return undefined;
  }
}

function update(pdf: string, id: string, content: Buffer, offset: number): Buffer {
  const last = (pattern: RegExp) => [...pdf.matchAll(pattern)].at(-1)?.[1] ?? '';
  const packed = deflateSync(content);
  const head = `\n${id} 0 obj\n<</Type/EmbeddedFile/Filter/FlateDecode/Length ${packed.length}>>\nstream\n`;
  const part = Buffer.concat([
    Buffer.from(head),
    packed,
    Buffer.from('\nendstream\nendobj\n'),
  ]);
  const place = String(offset + 1).padStart(10, '0');
  const [size, root] = [last(/\/Size (\d+)/g), last(/\/Root (\d+ \d+ R)/g)];
  const trailer = `trailer\n<</Size ${size}/Root ${root}/Prev ${last(/startxref\s+(\d+)/g)}>>`;
  const table = `xref\n${id} 1\n${place} 00000 n \n${trailer}\nstartxref\n${offset + part.length}\n%%EOF\n`;
  return Buffer.concat([part, Buffer.from(table)]);
}
