// Photos made small enough for a phone's coverage, and free of what a camera writes into them: a
// picture that is drawn anew has no place, no device and no time of its own.

const SIDE_PX_MAX = 2048;
const SMALL_PX = 320;
const QUALITY = 0.8;
const TYPE = 'image/jpeg';

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
