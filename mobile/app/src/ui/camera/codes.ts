// Codes before the camera: the browser's own reader where it has one, otherwise the one that comes
// with the app, which is fetched when it is first needed and kept for offline like everything else.

/** Reads the code in a picture; null when there is none. */
export type Reader = (picture: HTMLVideoElement) => Promise<string | null>;

interface Detector {
  detect(picture: HTMLVideoElement): Promise<{ rawValue: string }[]>;
}

interface DetectorClass {
  new (options: { formats: string[] }): Detector;
  getSupportedFormats(): Promise<string[]>;
}

/** What is looked for: our own codes on another phone, or whatever a maker prints on a label. */
export type Kind = 'frame' | 'label';

const FORMATS: Record<Kind, string[]> = {
  frame: ['qr_code'],
  label: [
    'qr_code',
    'data_matrix',
    'code_128',
    'code_39',
    'code_93',
    'ean_13',
    'ean_8',
    'upc_a',
    'itf',
    'pdf417',
  ],
};

/** Longer sides are made smaller first: a code fills the picture, and more dots only take time. */
const SIDE_MAX = 960;

/** Whether there may be a camera at all; whether it may be used is found out by asking. */
export function mayHaveCamera(): boolean {
  return Boolean(globalThis.navigator?.mediaDevices?.getUserMedia);
}

/** Opens the camera on the back; throws a `DOMException` when there is none or it may not. */
export function openCamera(): Promise<MediaStream> {
  const video = { facingMode: 'environment', width: { ideal: 1280 }, height: { ideal: 720 } };
  return navigator.mediaDevices.getUserMedia({ video, audio: false });
}

/** A reader of codes. Without a reader of the browser's own, of QR codes alone. */
export async function codeReader(kind: Kind): Promise<Reader> {
  const { BarcodeDetector } = globalThis as { BarcodeDetector?: DetectorClass };
  // Where the browser has the class, the system behind it may still lack the reader.
  const known = await BarcodeDetector?.getSupportedFormats().catch((): string[] => []);
  const formats = FORMATS[kind].filter((format) => known?.includes(format));
  if (!BarcodeDetector || !formats.includes('qr_code')) return ownReader();
  const detector = new BarcodeDetector({ formats });
  return async (picture) => {
    // A picture that is not there yet is an error to it; there will be another one.
    const found = await detector.detect(picture).catch(() => null);
    return found?.[0]?.rawValue ?? null;
  };
}

async function ownReader(): Promise<Reader> {
  const { decodeQR } = await import('qr/decode.js');
  const canvas = document.createElement('canvas');
  const drawing = canvas.getContext('2d', { willReadFrequently: true });
  return (picture) => {
    const { videoWidth, videoHeight } = picture;
    const scale = Math.min(1, SIDE_MAX / Math.max(videoWidth, videoHeight, 1));
    canvas.width = Math.round(videoWidth * scale);
    canvas.height = Math.round(videoHeight * scale);
    if (!drawing || canvas.width === 0) return Promise.resolve(null);
    drawing.drawImage(picture, 0, 0, canvas.width, canvas.height);
    const image = drawing.getImageData(0, 0, canvas.width, canvas.height);
    try {
      return Promise.resolve(decodeQR(image));
    } catch {
      // No code in this picture, or none that can be read: there will be another one.
      return Promise.resolve(null);
    }
  };
}
