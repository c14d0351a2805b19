// Files out of and into the app: a download the browser saves, and bytes as the bridge carries
// them.

/** Hands a file to the browser to save. */
export function saveFile(name: string, content: BlobPart, type: string): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob([content], { type }));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}

/** Passes a file on by what the phone offers for that; saves it where there is nothing. */
export async function passOn(name: string, content: BlobPart, type: string): Promise<void> {
  const files = [new File([content], name, { type })];
  if (!navigator.canShare?.({ files })) return saveFile(name, content, type);
  try {
    await navigator.share({ files });
  } catch (error) {
    // Whoever closes the phone's own sheet has changed their mind.
    if (!(error instanceof DOMException && error.name === 'AbortError')) throw error;
  }
}

/** The content of the file somebody picked, in base64; the same file may be picked again. */
export async function pickedIn(picker: HTMLInputElement): Promise<string | null> {
  const file = picker.files?.[0];
  if (!file) return null;
  const bytes = new Uint8Array(await file.arrayBuffer());
  picker.value = '';
  return toBase64(bytes);
}

export function fromBase64(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
}

export function toBase64(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += String.fromCharCode(byte);
  return btoa(text);
}
