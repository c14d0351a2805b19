// One owner at a time: two cores over one database would corrupt it. The browser's own lock
// says who; it is given back when the tab closes or is killed, and then the next tab goes on.

const LOCK = 'docket';

/** Resolves when this worker owns the record, for as long as it lives. */
export function becomeOwner(onWait: () => void): Promise<void> {
  const held = new Promise<never>(() => {});
  return new Promise((resolve, reject) => {
    const own = (): Promise<never> => {
      resolve();
      return held;
    };
    navigator.locks
      .request(LOCK, { ifAvailable: true }, (lock) => {
        if (lock) return own();
        onWait();
        void navigator.locks.request(LOCK, own).catch(reject);
        return undefined;
      })
      .catch(reject);
  });
}
