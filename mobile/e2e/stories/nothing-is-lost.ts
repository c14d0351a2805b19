// "Saved" means on disk: after every kind of edit the phone is reloaded, its tab killed or closed,
// or the whole browser ended without farewell, in turn. Everything written so far is still there,
// and still counted as unsent; in the end all of it arrives.
import type { JobScreen } from '../harness/job-screen';
import { people } from '../harness/server';
import { expect, test } from '../harness/story';

const TITLE = 'Valve 7 sticks';

interface Kind {
  name: string;
  make: (job: JobScreen) => Promise<void>;
  /** Fails when the edit is not on the screen. */
  check: (job: JobScreen) => Promise<void>;
}

function wrote(name: string, path: string, text: string): Kind {
  return {
    name,
    make: (job) => job.write(path, text),
    check: async (job) => expect(await job.field(path)).toContainText(text),
  };
}

const kinds: readonly Kind[] = [
  wrote('a line', 'intake/caller', '李雷 (pump house)'),
  wrote('a telephone number', 'intake/phone', '+86 571 8888 0000'),
  wrote('prose', 'intake/symptom', 'Opens slowly.\nCloses not at all.'),
  {
    name: 'a choice',
    make: (job) => job.choose('intake/priority', 'priority-urgent'),
    check: async (job) =>
      expect(await job.field('intake/priority')).toContainText(job.words('priority-urgent')),
  },
  {
    name: 'a moment',
    make: (job) => job.writeNow('visit/arrived_at'),
    check: async (job) => expect(await job.field('visit/arrived_at')).toContainText(/\d\d:\d\d/),
  },
  {
    name: 'a new line of the checklist',
    make: (job) => job.addChecklistItem('Relieve the pressure'),
    check: async (job) => expect(await job.item('Relieve the pressure')).toBeVisible(),
  },
  {
    name: 'a tick',
    make: (job) => job.tick('Lock out the drive'),
    check: async (job) =>
      expect(await job.item('Lock out the drive')).toHaveAttribute('aria-checked', 'true'),
  },
  {
    name: 'a step',
    make: (job) => job.addStep('Spindle cleaned and greased'),
    check: async (job) => expect(await job.part('steps')).toContainText('Spindle cleaned'),
  },
  {
    name: 'a part',
    make: (job) => job.addPart('Packing 24 mm'),
    check: async (job) => expect(await job.part('parts')).toContainText('Packing 24 mm'),
  },
  {
    name: 'the report',
    make: (job) => job.writeReport({ outcome: 'solved', cause: 'Dry spindle', treatment: 'Greased' }),
    check: async (job) => expect(await job.field('report/cause')).toContainText('Dry spindle'),
  },
  {
    name: 'a sign-off',
    make: async (job) => void (await job.haveItSigned({ name: '陈静', title: '值班长' })),
    check: async (job) => expect(await job.part('signoffs')).toContainText('陈静'),
  },
];

test('closing, killing or reloading right after an edit loses nothing', async ({
  desk,
  newPhone,
}) => {
  // Eleven kinds of edit, and a phone that starts anew after each.
  test.slow();
  const record = await desk.openJob({ 'intake/title': TITLE }, people.ada.name);
  const item = { position: 1, text: 'Lock out the drive' };
  await desk.edit(record, { edit: 'add_entry', collection: 'checklist', fields: item });
  const phone = await newPhone();
  await phone.screen.signIn(people.ada.login);
  await phone.screen.expectStoredForOffline();
  await phone.screen.visit('jobs');
  await phone.screen.openJob(TITLE);
  await phone.loseCoverage();
  const ends = [
    () => phone.reload(),
    () => phone.killTab(),
    () => phone.closeAndOpen(),
    () => phone.dieAndBoot(),
  ];

  for (const [place, { name, make }] of kinds.entries()) {
    await test.step(name, async () => {
      await make(phone.screen.job());
      await expect.poll(() => phone.unsent()).toBeGreaterThan(place);
      const unsent = await phone.unsent();
      await ends[place % ends.length]?.();
      await phone.screen.goTo(TITLE);
      await phone.screen.expectUnsent(unsent);
      for (const { check } of kinds.slice(0, place + 1)) await check(phone.screen.job());
    });
  }

  await phone.findCoverage();
  await phone.screen.expectUnsent(0);
  await phone.screen.job().expectSync('merged');
  const { content } = (await desk.job(record)) as { content: Record<string, object> };
  expect(content).toMatchObject({
    intake: { caller: '李雷 (pump house)', priority: 'urgent' },
    report: { cause: 'Dry spindle', treatment: 'Greased', outcome: 'solved' },
  });
  expect(Object.keys(content.steps ?? {})).toHaveLength(1);
});

test('what was typed and not yet saved is offered again after a reload', async ({
  desk,
  newPhone,
}) => {
  await desk.openJob({ 'intake/title': TITLE }, people.ada.name);
  const phone = await newPhone();
  await phone.screen.signIn(people.ada.login);
  const job = await phone.screen.openJob(TITLE);
  await job.typeInto('intake/demand', 'By Friday, please');
  await phone.reload();
  await phone.screen.goTo(TITLE);
  const again = phone.screen.job();
  await (await again.field('intake/demand')).click();
  await expect(again.sheet().locator('#field-text')).toHaveValue('By Friday, please');
  await expect(again.sheet().getByText(again.words('draft-kept'))).toBeVisible();
});
