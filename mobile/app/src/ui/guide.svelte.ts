// The tasks of the job on the page with the ways to do them: shown as a list, and the present one
// as the large button at the bottom.
import { t } from '../words/words.svelte';
import { currentOf, tasksOf, type Task, type TaskId } from './guide';
import type { IconName } from './icons';
import type { JobPage } from './job.svelte';
import { missingInReport, missingToPrepare } from './jobparts';
import { go } from './router.svelte';
import { app } from './state.svelte';

/** Tasks that are done by telling somebody. */
export type TellingTask = 'tell' | 'tell-result' | 'confirm';

const LOOK_AGAIN_MS = 30_000;

export class Guide {
  /** Which of the sheets that belong to tasks is open. */
  sheet = $state<'step' | 'proof' | 'plan-items' | TellingTask | 'follow-up' | null>(null);
  /** What is overdue shows while the page stands open. */
  #now = $state(Date.now());

  constructor(
    private readonly job: JobPage,
    private readonly leads: () => Record<string, string>,
    /** Unfolds a part of the page and goes there. */
    private readonly show: (part: string) => void,
  ) {
    $effect(() => {
      const timer = setInterval(() => (this.#now = Date.now()), LOOK_AGAIN_MS);
      return () => clearInterval(timer);
    });
  }

  readonly tasks = $derived.by<Task[]>(() => (this.job.view ? tasksOf(this.job.view, this.#now) : []));
  readonly current = $derived.by<Task | null>(() => currentOf(this.tasks, (id) => this.may(id)));

  /** Whether the person holding the phone can do this task. */
  may(id: TaskId): boolean {
    const { job } = this;
    switch (id) {
      case 'hand-over':
        return this.assigns || job.may('assignment/accepted_at');
      case 'accept':
        return job.may('assignment/accepted_at');
      case 'checklist':
        return job.mayAdd('checklist/*/text');
      case 'prepare':
        return job.may('preparation/asked_at');
      case 'approve':
        return job.may('preparation/approved_at');
      case 'pack':
        return job.may('packing/*/packed');
      case 'announce':
        return job.may('preparation/arrival_told_at');
      case 'plan':
        return job.may('plan/start_at');
      case 'depart':
        return job.may('visit/departed_at');
      case 'arrive':
        return job.may('visit/arrived_at');
      case 'met':
        return job.may('visit/met');
      case 'window':
        return job.may('remote/window_start');
      case 'findings':
        return job.may('remote/findings');
      case 'plan-items':
        return job.mayAdd('plan/items/*/text');
      case 'tell':
      case 'confirm':
      case 'tell-result':
        return job.mayAdd('reports/*/text');
      case 'follow-up':
        return job.mayAdd('follow_ups/*/result');
      case 'risky':
        return job.may('plan/items/*/done');
      case 'step':
        return job.mayAdd('steps/*/text');
      case 'report':
        return job.may('report/finished_at');
      case 'plan-signed':
      case 'sign':
        return this.#writes('signoffs/*/statement');
      case 'promises':
        return this.#writes('promises/*/kept_at');
      case 'file':
        return job.may('archive/archived_at');
      case 'proof':
        return Boolean(job.view?.signoffs.length);
    }
  }

  /** What its button says. */
  word(id: TaskId): string {
    const { view } = this.job;
    if (id === 'hand-over' && !this.assigns) return t('next-keep');
    if (id === 'report' && view && missingInReport(view).length === 0) {
      return t('next-finish-report');
    }
    const told = view?.content.preparation.arrival_told_to;
    if (id === 'announce' && !told) return t('next-announce-to');
    if (id === 'prepare' && view && missingToPrepare(view).length === 0) return t('next-ask');
    return t(`next-${id}`);
  }

  icon(id: TaskId): IconName {
    const icons: Record<TaskId, IconName> = {
      'hand-over': 'me',
      accept: 'check',
      checklist: 'jobs',
      prepare: 'edit',
      approve: 'check',
      pack: 'jobs',
      announce: 'call',
      plan: 'calendar',
      depart: 'next',
      arrive: 'place',
      met: 'me',
      'plan-signed': 'sign',
      window: 'calendar',
      findings: 'search',
      'plan-items': 'plus',
      tell: 'call',
      confirm: 'call',
      'tell-result': 'call',
      'follow-up': 'call',
      risky: 'warning',
      step: 'plus',
      report: 'edit',
      sign: 'sign',
      promises: 'held',
      file: 'jobs',
      proof: 'merged',
    };
    return icons[id];
  }

  run(id: TaskId): void {
    const { job } = this;
    const record = job.view?.record ?? '';
    switch (id) {
      case 'hand-over':
        if (this.assigns) job.editing = 'assignment/lead';
        else void job.stamp('assignment/accepted_at', t('told-accepted'));
        return;
      case 'accept':
        return void job.stamp('assignment/accepted_at', t('told-accepted'));
      case 'prepare':
        return this.#prepare();
      case 'approve':
        return void job.approve();
      case 'announce':
        return this.#announce();
      case 'plan':
        job.editing = 'plan/start_at';
        return;
      case 'depart':
        return void job.stamp('visit/departed_at', t('told-departed'));
      case 'arrive':
        return void job.stamp('visit/arrived_at', t('told-arrived'));
      case 'met':
        job.editing = 'visit/met';
        return;
      case 'file':
        return void job.stamp('archive/archived_at', t('told-archived'));
      case 'window':
        return this.#agree();
      case 'findings':
        job.editing = 'remote/findings';
        return;
      case 'risky':
        return this.show('plan');
      case 'step':
      case 'proof':
      case 'plan-items':
      case 'tell':
      case 'confirm':
      case 'tell-result':
      case 'follow-up':
        this.sheet = id;
        return;
      case 'report':
        return go(`/job/${record}/report`);
      case 'sign':
        return go(`/job/${record}/sign`);
      case 'plan-signed':
        return go(`/job/${record}/sign/plan`);
      case 'pack':
        return this.show('packing');
      case 'checklist':
      case 'promises':
        return this.show(id);
    }
  }

  /** From when, until when, who connects: what is still open of it. */
  #agree(): void {
    const fields = ['remote/window_start', 'remote/window_end', 'remote/connects'];
    const open = fields.find((path) => !this.job.value(path));
    this.job.editing = open ?? 'remote/window_start';
  }

  /** Whom first, then that it was done. */
  #announce(): void {
    const { job } = this;
    if (job.value('preparation/arrival_told_to')) {
      return void job.stamp('preparation/arrival_told_at', t('told-announced'));
    }
    job.editing = 'preparation/arrival_told_to';
  }

  /** Goes to what is still missing; once nothing is, asks the manager. */
  #prepare(): void {
    const [missing] = this.job.view ? missingToPrepare(this.job.view) : [];
    if (!missing) return void this.job.stamp('preparation/asked_at', t('told-asked'));
    if (missing === 'packing') return this.show('packing');
    this.show('preparation');
    this.job.editing = missing;
  }

  /** Whether this person hands jobs out; anyone else can only take one on. */
  get assigns(): boolean {
    return this.job.may('assignment/lead') && Object.keys(this.leads()).length > 0;
  }

  #writes(path: string): boolean {
    const role = app.role;
    return Boolean(role && this.job.rule(path)?.writers.includes(role));
  }
}
