// Whether the network may cost money, where the browser tells. Most tell nothing.

interface Connection {
  type?: string;
  saveData?: boolean;
}

/** True or false where it is known. */
export function metered(): boolean | undefined {
  const { connection } = navigator as Navigator & { connection?: Connection };
  if (connection?.saveData) return true;
  switch (connection?.type) {
    case 'cellular':
      return true;
    case 'wifi':
    case 'ethernet':
      return false;
    default:
      return undefined;
  }
}
