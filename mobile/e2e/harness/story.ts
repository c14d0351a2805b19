// What every story begins with: a server of its own, a desk that can prepare it, and as many
// phones as the story needs. Everything is gone when the story ends.
import { test as base } from '@playwright/test';
import { Console, type ConsoleOptions } from './console';
import { Desk } from './desk';
import { Phone, type PhoneOptions } from './phone';
import { Server } from './server';

/** Four people and nothing else, or everything that `docket demo` makes. */
export type Organisation = 'small' | 'demo';

interface Story {
  organisation: Organisation;
  server: Server;
  desk: Desk;
  newPhone: (options?: PhoneOptions) => Promise<Phone>;
  newConsole: (options?: ConsoleOptions) => Promise<Console>;
}

export const test = base.extend<Story>({
  organisation: ['small', { option: true }],
  server: async ({ organisation }, use) => {
    const server = await (organisation === 'demo' ? Server.demo() : Server.start());
    await use(server);
    await server.remove();
  },
  desk: async ({ server }, use) => {
    await use(await Desk.signIn(server));
  },
  newPhone: async ({ server }, use) => {
    const phones: Phone[] = [];
    await use(async (options) => {
      const phone = await Phone.start(server, options);
      phones.push(phone);
      return phone;
    });
    await Promise.all(phones.map((phone) => phone.close()));
  },
  newConsole: async ({ server, browser }, use) => {
    const consoles: Console[] = [];
    await use(async (options) => {
      const console = await Console.open(browser, server, options);
      consoles.push(console);
      return console;
    });
    await Promise.all(consoles.map((console) => console.close()));
  },
});

export { expect } from '@playwright/test';
