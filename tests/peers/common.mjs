// What every peer needs: a job of the workload as a tree, and a person's edit on it.

// Long texts that several people may write in at once; everything else is one value.
const PROSE = [/^intake\/symptom$/, /^intake\/demand$/, /^plan\/safety$/, /^report\/treatment$/,
  /^steps\/[^/]+\/text$/]

export const isProse = path => PROSE.some(prose => prose.test(path))

/** A job as nested maps. */
export function treeOf(job) {
  const tree = {}
  const put = (path, value) => {
    const keys = path.split('/')
    let map = tree
    for (const key of keys.slice(0, -1)) map = map[key] ??= {}
    map[keys.at(-1)] = value
  }
  for (const [path, value] of Object.entries(job.fields)) put(path, value)
  for (const { collection, id, fields } of job.entries) put(`${collection}/${id}`, { ...fields })
  return tree
}

/** The writes an edit is made of: path and value; a value may be a whole new map. */
export function writesOf(edit, now) {
  switch (edit.edit) {
    case 'set_field':
      return [[edit.path, edit.value]]
    case 'tick_item': {
      const item = `checklist/${edit.item}`
      const [at, by] = edit.done ? [now, 'ada'] : [null, null]
      return [[`${item}/done`, edit.done], [`${item}/done_at`, at], [`${item}/done_by`, by]]
    }
    case 'add_entry':
      return [[`${edit.collection}/${edit.id}`, { at: now, by: 'ada', ...edit.fields }]]
    default:
      throw new Error(`unknown edit ${edit.edit}`)
  }
}

/** What lies between the common beginning and end of two texts. */
export function difference(before, after) {
  let from = 0
  while (from < before.length && before[from] === after[from]) from++
  let [end, last] = [before.length, after.length]
  while (end > from && last > from && before[end - 1] === after[last - 1]) [end, last] = [end - 1, last - 1]
  return { at: from, out: end - from, put: after.slice(from, last) }
}
