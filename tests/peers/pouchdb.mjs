// PouchDB with a server that speaks CouchDB's protocol: a job is a document with revisions, of
// which one wins where two people wrote at once.

import { mkdirSync } from 'node:fs'
import memory from 'pouchdb-adapter-memory'
import PouchDB from 'pouchdb-node'
import { treeOf, writesOf } from './common.mjs'

PouchDB.plugin(memory)
let opened = 0

export class Phone {
  constructor(folder) {
    if (folder) mkdirSync(folder, { recursive: true })
    const name = folder ? `${folder}/jobs` : `phone-${process.pid}-${opened++}`
    this.db = new PouchDB(name, { adapter: folder ? 'leveldb' : 'memory' })
  }

  async create(jobs) {
    const ids = jobs.map((_, at) => `job-${at}`)
    await this.db.bulkDocs(jobs.map((job, at) => ({ _id: ids[at], ...treeOf(job) })))
    return ids
  }

  async load() {
    await this.db.info()
  }

  async edit(id, edit, now) {
    const doc = await this.db.get(id)
    for (const [path, value] of writesOf(edit, now)) {
      const keys = path.split('/')
      let map = doc
      for (const key of keys.slice(0, -1)) map = map[key] ??= {}
      map[keys.at(-1)] = value
    }
    await this.db.put(doc)
  }

  async sync(port, ids, all) {
    const remote = new PouchDB(`http://127.0.0.1:${port}/jobs`)
    await this.db.sync(remote, all ? {} : { doc_ids: ids })
  }

  async offline() {}

  async steps(id) {
    return Object.keys((await this.db.get(id)).steps ?? {}).length
  }
}

export async function serve(port, folder) {
  const { default: express } = await import('express')
  const { default: couch } = await import('express-pouchdb')
  const Stored = PouchDB.defaults({ prefix: `${folder}/`, adapter: 'leveldb' })
  const app = express()
  app.use('/', couch(Stored, { mode: 'minimumForPouchDB', logPath: `${folder}/log.txt` }))
  await new Stored('jobs').info()
  await new Promise(ready => app.listen(port, '127.0.0.1', ready))
}
