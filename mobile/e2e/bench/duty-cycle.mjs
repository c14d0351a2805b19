// The thread behind `slow.ts`: stops processes and lets them go on, in a fixed rhythm. Plain
// JavaScript, because threads of the test runner are not translated.
import { kill } from 'node:process';
import { parentPort, receiveMessageOnPort, workerData } from 'node:worker_threads';

const { processes, times, period_ms } = workerData;
const clock = new Int32Array(new SharedArrayBuffer(4));
const wait = (ms) => Atomics.wait(clock, 0, 0, Math.max(0, ms));

// A wait lasts longer than it was asked to, so what was given is counted, and the next turn made
// up for it: on the whole one part in `times`, neither more nor less.
let stopped_ms = 0;
let ran_ms = 0;
let since = performance.now();
const lap = () => -since + (since = performance.now());

while (!receiveMessageOnPort(parentPort)) {
  signalAll('SIGSTOP');
  ran_ms += lap();
  wait(period_ms - period_ms / times);
  signalAll('SIGCONT');
  stopped_ms += lap();
  wait(stopped_ms / (times - 1) - ran_ms);
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
