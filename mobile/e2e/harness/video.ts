// What a camera would see: the codes that one phone shows, as a video for another one's camera.
import { writeFile } from 'node:fs/promises';
import type { Page } from '@playwright/test';
import { encodeQR } from 'qr';

const SIZE = { width: 640, height: 480 };
/** Each code stands for two pictures, as a camera sees a screen that changes. */
const PICTURES_A_SECOND = 10;
const PICTURES_A_CODE = 2;

/** Films the codes on the screen until each has been shown. */
export async function film(page: Page, file: string): Promise<void> {
  await toVideo(await page.evaluate(filmed, SIZE), file);
}

/** Films one code, as it stands on a label. */
export async function filmLabel(text: string, file: string): Promise<void> {
  const code = encodeQR(text, 'raw', { border: 4 });
  const dot_px = Math.floor(SIZE.height / code.length);
  const luma = Buffer.alloc(SIZE.width * SIZE.height, 255);
  for (let y = 0; y < code.length * dot_px; y += 1) {
    for (let x = 0; x < code.length * dot_px; x += 1) {
      const dark = code[Math.floor(y / dot_px)]?.[Math.floor(x / dot_px)];
      luma[y * SIZE.width + x] = dark ? 0 : 255;
    }
  }
  await toVideo([luma.toString('base64')], file);
}

/** Pictures become a video: their brightness, dot by dot, in base64. */
async function toVideo(pictures: string[], file: string): Promise<void> {
  const head = `YUV4MPEG2 W${SIZE.width} H${SIZE.height} F${PICTURES_A_SECOND}:1 Ip A1:1 C420\n`;
  const grey = Buffer.alloc((SIZE.width * SIZE.height) / 2, 128);
  const shown = pictures.flatMap((luma) => {
    const picture = [Buffer.from('FRAME\n'), Buffer.from(luma, 'base64'), grey];
    return Array.from({ length: PICTURES_A_CODE }, () => picture).flat();
  });
  await writeFile(file, Buffer.concat([Buffer.from(head), ...shown]));
}

/** In the page: draws every code as it is shown; their brightness, dot by dot, in base64. */
async function filmed({ width, height }: typeof SIZE): Promise<string[]> {
  const canvas = new OffscreenCanvas(width, height);
  const drawing = canvas.getContext('2d', { willReadFrequently: true });
  const pictures = new Map<number, string>();
  for (;;) {
    const code = document.querySelector<HTMLElement>('[data-frame]');
    const { frame, frames } = code?.dataset ?? {};
    if (code && drawing && !pictures.has(Number(frame))) {
      const path = code.querySelector('path')?.getAttribute('d') ?? '';
      const dots = code.querySelector('svg')?.viewBox.baseVal.width ?? 1;
      const dot_px = Math.floor(Math.min(width, height) / dots);
      drawing.setTransform(1, 0, 0, 1, 0, 0);
      drawing.fillStyle = '#fff';
      drawing.fillRect(0, 0, width, height);
      drawing.translate((width - dots * dot_px) / 2, (height - dots * dot_px) / 2);
      drawing.scale(dot_px, dot_px);
      drawing.fillStyle = '#000';
      drawing.fill(new Path2D(path));
      const { data } = drawing.getImageData(0, 0, width, height);
      let luma = '';
      for (let at = 0; at < data.length; at += 4) luma += String.fromCharCode(data[at] ?? 0);
      pictures.set(Number(frame), btoa(luma));
    }
    if (pictures.size > 0 && pictures.size === Number(frames)) {
      return [...pictures].sort(([one], [other]) => one - other).map(([, picture]) => picture);
    }
    await new Promise((drawn) => requestAnimationFrame(drawn));
  }
}
