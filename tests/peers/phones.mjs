// node phones.mjs SYSTEM FOLDER: phones of one system, told what to do a line of JSON at a time; each line is
// answered by one. A folder of `-` keeps everything in memory, as a fleet does.

import { readFileSync } from 'node:fs'
import { createInterface } from 'node:readline'

const [system, folder] = process.argv.slice(2)
const { Phone } = await import(`./${system}.mjs`)
const phones = []
const phone = at => phones[at] ??= new Phone(folder === '-' ? null : `${folder}/${at}`)
const lines = file => readFileSync(file, 'utf8').trim().split('\n').map(line => JSON.parse(line))
const each = (task, what) => Promise.all(task.phones.map(what))

const tasks = {
  create: task => phone(task.phone).create(lines(task.file)),
  load: task => each(task, ({ phone: at, ids }) => phone(at).load(ids)),
  edit: async task => {
    let now = 1_795_392_000_000
    for (const { id, edit } of lines(task.file)) await phone(task.phone).edit(id, edit, now += 1_000)
  },
  sync: task => each(task, ({ phone: at, ids }) => phone(at).sync(task.port, ids, task.all)),
  offline: task => each(task, ({ phone: at }) => phone(at).offline()),
  steps: async task => {
    let count = 0
    for (const id of task.ids) count += await phone(task.phone).steps(id)
    return count
  },
}

console.log('READY')
for await (const line of createInterface({ input: process.stdin })) {
  const task = JSON.parse(line)
  try {
    console.log(JSON.stringify({ ok: await tasks[task.do](task) ?? true }))
  } catch (error) {
    console.log(JSON.stringify({ error: String(error?.stack ?? error) }))
  }
}
