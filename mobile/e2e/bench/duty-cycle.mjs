// The thread behind `slow.ts`: stops processes and lets them go on, in a fixed rhythm. Plain
// JavaScript, because threads of the test runner are not translated.
import { kill } from 'node:process';
import { parentPort, receiveMessageOnPort, workerData } from 'node:worker_threads';

const { processes, times, period_ms } = workerData;
const clock = new Int32Array(new SharedArrayBuffer(4));
const wait = (ms) => Atomics.wait(clock, 0, 0, ms);

const running_ms = period_ms / times;
while (!receiveMessageOnPort(parentPort)) {
  signalAll('SIGSTOP');
  wait(period_ms - running_ms);
  signalAll('SIGCONT');
  wait(running_ms);
}

function signalAll(signal) {
  for (const process of processes) {
    try {
      kill(process, signal);
    } catch {
      // It has ended on its own; nothing to slow down any more.
    }
  }
}
