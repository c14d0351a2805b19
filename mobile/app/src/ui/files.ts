// Files out of and into the app: a download the browser saves, and a file that somebody picked.

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

/** The file somebody picked; the same one may be picked again. */
export function pickedIn(picker: HTMLInputElement): File | null {
  const file = picker.files?.[0] ?? null;
  picker.value = '';
  return file;
}
