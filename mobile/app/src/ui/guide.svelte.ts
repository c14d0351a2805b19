// The tasks of the job on the page with the ways to do them: shown as a list, and the present one
// as the large button at the bottom.
import { t } from '../words/words.svelte';
import { currentOf, tasksOf, type Task, type TaskId } from './guide';
import type { IconName } from './icons';
import type { JobPage } from './job.svelte';
import { missingInReport } from './jobparts';
import { go } from './router.svelte';
import { app } from './state.svelte';

export class Guide {
  /** Which of the sheets that belong to tasks is open. */
  sheet = $state<'step' | 'proof' | null>(null);

  constructor(
    private readonly job: JobPage,
    private readonly leads: () => Record<string, string>,
    /** Unfolds a part of the page and goes there. */
    private readonly show: (part: string) => void,
  ) {}

  readonly tasks = $derived.by<Task[]>(() => (this.job.view ? tasksOf(this.job.view) : []));
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
      case 'plan':
        return job.may('plan/start_at');
      case 'depart':
        return job.may('visit/departed_at');
      case 'arrive':
        return job.may('visit/arrived_at');
      case 'met':
        return job.may('visit/met');
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
    return t(`next-${id}`);
  }

  icon(id: TaskId): IconName {
    const icons: Record<TaskId, IconName> = {
      'hand-over': 'me',
      accept: 'check',
      checklist: 'jobs',
      plan: 'calendar',
      depart: 'next',
      arrive: 'place',
      met: 'me',
      'plan-signed': 'sign',
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
      case 'step':
      case 'proof':
        this.sheet = id;
        return;
      case 'report':
        return go(`/job/${record}/report`);
      case 'sign':
        return go(`/job/${record}/sign`);
      case 'plan-signed':
        return go(`/job/${record}/sign/plan`);
      case 'checklist':
      case 'promises':
        return this.show(id);
    }
  }

  /** Whether this person hands jobs out; anyone else can only take one on. */
  get assigns(): boolean {
    return this.job.may('assignment/lead') && Object.keys(this.leads()).length > 0;
  }

  #writes(path: string): boolean {
    const role = app.status?.person?.role;
    return Boolean(role && this.job.rule(path)?.writers.includes(role));
  }
}
