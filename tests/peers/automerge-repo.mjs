// automerge-repo: one Automerge document a job, files on the phone and on the server.

import { ImmutableString } from '@automerge/automerge'
import { Repo, updateText } from '@automerge/automerge-repo'
import { WebSocketClientAdapter, WebSocketServerAdapter } from '@automerge/automerge-repo-network-websocket'
import { NodeFSStorageAdapter } from '@automerge/automerge-repo-storage-nodefs'
import { WebSocketServer } from 'ws'
import { isProse, treeOf, writesOf } from './common.mjs'

function valueOf(value, path) {
  if (value && typeof value === 'object') {
    const inner = ([key, one]) => [key, valueOf(one, path ? `${path}/${key}` : key)]
    return Object.fromEntries(Object.entries(value).map(inner))
  }
  return typeof value === 'string' && !isProse(path) ? new ImmutableString(value) : value
}

export class Phone {
  constructor(folder) {
    const storage = folder ? new NodeFSStorageAdapter(folder) : undefined
    this.repo = new Repo({ storage, network: [], sharePolicy: async () => true })
    this.handles = new Map()
  }

  async create(jobs) {
    return jobs.map(job => {
      const handle = this.repo.create(valueOf(treeOf(job), ''))
      this.handles.set(handle.url, handle)
      return handle.url
    })
  }

  async load(ids) {
    await Promise.all(ids.map(async id => this.handles.set(id, await this.repo.find(id))))
  }

  async edit(id, edit, now) {
    this.handles.get(id).change(doc => {
      for (const [path, value] of writesOf(edit, now)) {
        const keys = path.split('/')
        let map = doc
        for (const key of keys.slice(0, -1)) map = map[key] ??= {}
        if (isProse(path) && typeof map[keys.at(-1)] === 'string') updateText(doc, keys, value)
        else map[keys.at(-1)] = valueOf(value, path)
      }
    }, { time: now })
  }

  async sync(port, ids) {
    this.adapter = new WebSocketClientAdapter(`ws://127.0.0.1:${port}`)
    this.repo.networkSubsystem.addNetworkAdapter(this.adapter)
    const missing = ids.filter(id => !this.handles.has(id))
    if (missing.length) {
      await this.adapter.whenReady()
      await this.load(missing)
    }
    await this.repo.flush()
  }

  async offline() {
    await this.repo.flush()
    if (this.adapter) this.repo.networkSubsystem.removeNetworkAdapter(this.adapter)
  }

  async steps(id) {
    return Object.keys(this.handles.get(id).doc().steps ?? {}).length
  }
}

export async function serve(port, folder) {
  const sockets = new WebSocketServer({ port, host: '127.0.0.1' })
  await new Promise(ready => sockets.on('listening', ready))
  const storage = new NodeFSStorageAdapter(folder)
  new Repo({ storage, network: [new WebSocketServerAdapter(sockets)], sharePolicy: async () => false })
}
