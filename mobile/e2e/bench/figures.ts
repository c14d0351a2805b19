// Samples become figures: middle, 95th percentile and worst, as a table or as JSON.

export interface Figure {
  name: string;
  slowed?: string;
  samples: number;
  median_ms: number;
  p95_ms: number;
  worst_ms: number;
}

export function figure(name: string, samples_ms: number[]): Figure {
  const sorted = [...samples_ms].sort((one, other) => one - other);
  const at = (part: number) => sorted[Math.ceil(part * sorted.length) - 1] ?? Number.NaN;
  const rounded = (ms: number) => Math.round(ms * 10) / 10;
  return {
    name,
    samples: sorted.length,
    median_ms: rounded(at(0.5)),
    p95_ms: rounded(at(0.95)),
    worst_ms: rounded(at(1)),
  };
}

export function asTable(title: string, figures: Figure[]): string {
  const columns = ['samples', 'median_ms', 'p95_ms', 'worst_ms'] as const;
  const nameOf = ({ name, slowed }: Figure) => (slowed ? `${slowed}: ${name}` : name);
  const wide = Math.max(...figures.map((one) => nameOf(one).length));
  const head = ['samples', 'median ms', 'p95 ms', 'worst ms'].map((word) => word.padStart(10));
  const rows = figures.map(
    (one) => nameOf(one).padEnd(wide) + columns.map((key) => String(one[key]).padStart(10)).join(''),
  );
  return [title, ' '.repeat(wide) + head.join(''), ...rows].join('\n');
}
