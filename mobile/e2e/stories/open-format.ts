// The record is open: any Automerge reads the document that the server gives out, here the
// JavaScript package, and what it writes comes back in through the gate.
import * as Automerge from '@automerge/automerge';
import { people } from '../harness/server';
import { expect, test } from '../harness/story';

interface Job {
  intake: { title: string; symptom: string; priority?: string };
  report: { cause: string };
}

test('a record is read and written by the JavaScript Automerge', async ({ desk }) => {
  const job = await desk.openJob({ 'intake/title': '水泵异响' }, people.ada.name);
  const cause = { edit: 'set_field', path: 'report/cause', value: 'Worn bearing 🔧 轴承磨损' };
  await desk.edit(job, cause);
  await desk.edit(job, { edit: 'set_field', path: 'intake/priority', value: 'high' });

  const file = await desk.document(job);
  const doc = Automerge.load<Job>(file);
  const { content } = (await desk.job(job)) as unknown as { content: Job };
  expect(String(doc.intake.title)).toBe(content.intake.title);
  expect(String(doc.report.cause)).toBe(content.report.cause);
  expect(String(doc.intake.priority)).toBe('high');

  // Saved by the other implementation, taken in through the gate, given out again: the same
  // history, down to the hashes.
  const taken = await desk.takeIn(Automerge.save(doc));
  const again = Automerge.load<Job>(await desk.document(taken));
  expect(Automerge.getHeads(again)).toEqual(Automerge.getHeads(doc));
  expect(Automerge.toJS(again)).toEqual(Automerge.toJS(doc));

  // What it writes against the rules is refused, and nothing of it goes in.
  const titles = await desk.titles();
  const forged = Automerge.change(doc, (draft) => {
    (draft as unknown as Record<string, string>).secret = 'a field nobody knows';
  });
  await expect(desk.takeIn(Automerge.save(forged))).rejects.toThrow(/422.*unknown-field/);
  expect(await desk.titles()).toEqual(titles);
});
