// Photos made small enough for a phone's coverage, and free of what a camera writes into them: a
// picture that is drawn anew has no place, no device and no time of its own.

import { isTooLargeToDraw } from './core';

/** What a camera writes about itself comes before the size. */
const FIRST_BYTES = 256 * 1024;
const SIDE_PX_MAX = 2048;
const SMALL_PX = 320;
const QUALITY = 0.8;
const TYPE = 'image/jpeg';

/** Whether it claims to be a picture that would fill all memory, which some bytes can. */
export async function isTooLarge(file: Blob): Promise<boolean> {
  return isTooLargeToDraw(new Uint8Array(await file.slice(0, FIRST_BYTES).arrayBuffer()));
}

/** The picture as it is kept, or nothing when this is none that the browser can draw. */
export async function shrink(file: Blob): Promise<Blob | null> {
  return drawn(file, SIDE_PX_MAX);
}

/** A small one for lists. */
export async function small(file: Blob): Promise<Blob | null> {
  return drawn(file, SMALL_PX);
}

async function drawn(file: Blob, side: number): Promise<Blob | null> {
  if (!file.type.startsWith('image/')) return null;
  if (await isTooLarge(file)) return null;
  const picture = await createImageBitmap(file, { imageOrientation: 'from-image' }).catch(
    () => null,
  );
  if (!picture) return null;
  const scale = Math.min(1, side / Math.max(picture.width, picture.height));
  const canvas = new OffscreenCanvas(
    Math.max(1, Math.round(picture.width * scale)),
    Math.max(1, Math.round(picture.height * scale)),
  );
  const context = canvas.getContext('2d');
  if (!context) return null;
  // What is see-through would turn black.
  context.fillStyle = '#fff';
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.drawImage(picture, 0, 0, canvas.width, canvas.height);
  picture.close();
  return canvas.convertToBlob({ type: TYPE, quality: QUALITY });
}
