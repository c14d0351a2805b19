// Pictures as a phone's camera makes them: large, and with the place written into them.
import type { Page } from '@playwright/test';

/** Stands in the picture's own notes, where cameras write the place. */
export const PLACE = '31 14 N 121 28 E';

/** A photo of this size, drawn in the page's own browser. */
export async function photo(page: Page, width = 3000, height = 2000): Promise<Buffer> {
  const address = await page.evaluate(
    ([w, h]) => {
      const canvas = document.createElement('canvas');
      [canvas.width, canvas.height] = [w, h];
      const context = canvas.getContext('2d');
      if (!context) throw new Error('no canvas');
      for (let at = 0; at < 40; at += 1) {
        context.fillStyle = `hsl(${at * 9} 60% 50%)`;
        context.fillRect((at % 8) * (w / 8), Math.floor(at / 8) * (h / 5), w / 8, h / 5);
      }
      return canvas.toDataURL('image/jpeg', 0.9);
    },
    [width, height] as const,
  );
  const bytes = Buffer.from(address.split(',')[1] ?? '', 'base64');
  return Buffer.concat([bytes.subarray(0, 2), notes(), bytes.subarray(2)]);
}

/** A segment as cameras put one behind the first two bytes. */
function notes(): Buffer {
  const said = Buffer.from(`Exif\0\0${PLACE}`, 'latin1');
  const head = Buffer.from([0xff, 0xe1, 0, 0]);
  head.writeUInt16BE(said.length + 2, 2);
  return Buffer.concat([head, said]);
}
