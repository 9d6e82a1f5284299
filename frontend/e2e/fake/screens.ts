import type { Page } from '@playwright/test';
import type { DeskPage } from '../pages/desk';

/** A screen to look at: how to get there on the fake bridge. */
export interface Screen {
  name: string;
  scene?: string;
  go: (desk: DeskPage, page: Page) => Promise<void>;
}

const katharina = 'Katharina Vogt';

async function read(desk: DeskPage, customer: string): Promise<void> {
  if (await desk.list.isVisible()) await desk.order('Newest');
  await desk.read(customer);
}

/** Opens a sheet from an account's menu in the settings. */
async function act(page: Page, account: string, what: string): Promise<void> {
  await page.getByRole('button', { name: `More: ${account}` }).click();
  await page.getByRole('menuitem', { name: what }).click();
  await page.getByRole('dialog').waitFor();
}

export const screens: Screen[] = [
  { name: 'inbox', go: async (desk) => desk.list.waitFor() },
  { name: 'conversation', go: (desk) => read(desk, katharina) },
  {
    name: 'recipients',
    go: async (desk, page) => {
      await read(desk, katharina);
      await page.getByRole('button', { name: /to Katharina/ }).click();
    },
  },
  { name: 'not-delivered', go: (desk) => read(desk, 'Mehmet Aydın') },
  { name: 'doubtful-sender', go: (desk) => read(desk, 'Lucía Fernández Ortega') },
  {
    name: 'split',
    go: async (desk, page) => {
      await read(desk, katharina);
      await page.getByRole('button', { name: 'More', exact: true }).click();
      await page.getByRole('menuitem', { name: /Split/ }).click();
      await page.getByRole('dialog').waitFor();
    },
  },
  {
    name: 'snooze',
    go: async (desk, page) => {
      await read(desk, katharina);
      await page.getByRole('button', { name: 'Snooze', exact: true }).click();
      await page.getByRole('dialog').waitFor();
    },
  },
  {
    name: 'snoozed',
    go: async (desk, page) => {
      await read(desk, katharina);
      await page.getByRole('button', { name: 'Snooze', exact: true }).click();
      await page.keyboard.press('2');
      await desk.notices.waitFor();
      await desk.goTo('Snoozed');
      await desk.read(katharina);
    },
  },
  {
    name: 'finding',
    go: async (desk, page) => {
      await read(desk, katharina);
      await desk.find('mahnung');
      await page.keyboard.press('Enter');
    },
  },
  {
    name: 'finding-folded',
    go: async (desk, page) => {
      await desk.read('Olivia Bennett');
      await desk.find('left shoe');
      await page.keyboard.press('Shift+Enter');
    },
  },
  {
    name: 'finding-as-sent',
    go: async (desk, page) => {
      await read(desk, 'Chloé Marchand');
      await page.keyboard.press('v');
      await page.frameLocator('iframe').locator('body').waitFor();
      await desk.find('compte');
    },
  },
  {
    name: 'finding-nothing',
    go: async (desk) => {
      await read(desk, 'نورة الحربي');
      await desk.find('الجوال الجديد');
    },
  },
  {
    name: 'number-copied',
    go: async (desk, page) => {
      await desk.read('Camille Lefèvre-Dubois');
      await page.keyboard.press('o');
      await desk.notices.waitFor();
    },
  },
  { name: 'offline', scene: 'offline', go: (desk) => read(desk, katharina) },
  { name: 'right-to-left', go: (desk) => read(desk, 'نورة الحربي') },
  { name: 'forty-messages', go: (desk) => desk.read('Olivia Bennett') },
  { name: 'thirty-files', go: (desk) => desk.read('Camille Lefèvre-Dubois') },
  { name: 'stopped-reply', go: (desk) => read(desk, 'Agnieszka Wójcik') },
  {
    name: 'as-sent',
    go: async (desk, page) => {
      await read(desk, 'Chloé Marchand');
      await page.getByRole('button', { name: /Show as sent/ }).click();
    },
  },
  {
    name: 'sent',
    go: async (desk) => {
      await read(desk, katharina);
      await desk.conversation.text.focus();
      await desk.conversation.send();
      await desk.notices.waitFor();
    },
  },
  {
    name: 'not-saved',
    scene: 'full',
    go: async (desk, page) => {
      await read(desk, katharina);
      await desk.conversation.text.fill('Not on disk yet.');
      await page.getByRole('alert').waitFor();
    },
  },
  {
    name: 'writing',
    scene: 'heavy',
    go: async (desk, page) => {
      await read(desk, katharina);
      await desk.conversation.form(page);
    },
  },
  {
    name: 'writing-arabic',
    go: async (desk, page) => {
      await read(desk, 'نورة الحربي');
      await desk.conversation.write('مرحبًا نورة، وصلت الدفعة.\nOrder 4711 is on its way.');
      await page.getByRole('button', { name: 'Attach files' }).click();
      await page.getByText('IMG_2041.jpg').waitFor();
    },
  },
  {
    name: 'upload-question',
    scene: 'heavy',
    go: async (desk, page) => {
      await read(desk, katharina);
      await page.getByRole('button', { name: 'Attach files' }).click();
      await page.getByText('IMG_2041.jpg').waitFor();
      await desk.conversation.send();
      await page.getByRole('dialog').waitFor();
    },
  },
  {
    name: 'attachment-question',
    go: async (desk, page) => {
      await read(desk, katharina);
      await desk.conversation.write(
        'Guten Tag Frau Vogt,\n\nim Anhang finden Sie die Bestätigung.\n\nViele Grüße\nAmira',
      );
      await desk.conversation.send();
      await page.getByRole('dialog').waitFor();
    },
  },
  {
    name: 'recipients-question',
    go: async (desk, page) => {
      await read(desk, katharina);
      await desk.conversation.readdress(page, 'Petra Lang <p.lang@kanzlei-lang.example>');
      await desk.conversation.send();
      await page.getByRole('dialog').waitFor();
    },
  },
  {
    name: 'both-questions',
    go: async (desk, page) => {
      await read(desk, 'نورة الحربي');
      await desk.conversation.write(
        'مرحبًا نورة، تجدين في المرفق إيصال الدفع للطلب BP-20419 مع خطوات تسجيل الدخول من جديد على التطبيق، وأي سؤال آخر يسعدنا أن نجيب عنه في أي وقت. شكرًا على صبرك وثقتك بنا.',
      );
      await desk.conversation.readdress(
        page,
        'p.lang@kanzlei-lang.example, returns-and-complaints@warehouse-north.example',
      );
      await desk.conversation.send();
      await page.getByRole('dialog').waitFor();
    },
  },
  {
    name: 'forward',
    go: async (desk, page) => {
      await desk.read('Camille Lefèvre-Dubois');
      await desk.conversation.messages.focus();
      await page.keyboard.press('f');
      await page.getByText(/^Forwards/).waitFor();
    },
  },
  { name: 'disk-damaged', scene: 'harm', go: async (desk) => desk.list.waitFor() },
  { name: 'disk-full', scene: 'full', go: async (desk) => desk.list.waitFor() },
  {
    name: 'outbox',
    go: async (desk) => {
      await desk.goTo('Outbox');
      await desk.outbox.title.waitFor();
    },
  },
  { name: 'beside', scene: 'beside', go: (desk) => read(desk, katharina) },
  {
    name: 'beside-asked',
    scene: 'beside',
    go: async (desk, page) => {
      await read(desk, katharina);
      await desk.conversation.text.focus();
      await desk.conversation.send();
      await page.getByRole('alert').waitFor();
    },
  },
  {
    name: 'send-times',
    go: async (desk, page) => {
      await read(desk, katharina);
      await desk.conversation.text.focus();
      await page.keyboard.press('Control+Shift+s');
      await page.getByRole('radio', { name: 'Own time' }).last().check();
    },
  },
  {
    name: 'outbox-timed',
    scene: 'timed',
    go: async (desk, page) => {
      await desk.goTo('Outbox');
      await page.getByRole('button', { name: /^Sent today/ }).click();
    },
  },
  {
    name: 'leaving',
    scene: 'leaving,timed',
    go: async (_, page) => page.getByRole('dialog').waitFor(),
  },
  {
    name: 'day-used-up',
    scene: 'spent',
    go: async (desk, page) => {
      await desk.goTo('Outbox');
      await page.getByRole('button', { name: /^Fetch though/ }).click();
    },
  },
  { name: 'server-says', scene: 'alert', go: async (desk) => desk.list.waitFor() },
  {
    name: 'server-says-settings',
    scene: 'alert',
    go: async (_, page) => {
      await page.keyboard.press('Control+,');
      await page.getByText('Your mail server says').nth(1).waitFor();
    },
  },
  { name: 'paused', scene: 'paused', go: async (desk) => desk.goTo('Outbox') },
  {
    name: 'saving-menu',
    scene: 'textonly',
    go: async (_, page) => {
      await page.getByRole('button', { name: /^Saving data/ }).click();
    },
  },
  { name: 'empty-outbox', scene: 'empty', go: async (desk) => desk.goTo('Outbox') },
  { name: 'empty', scene: 'empty', go: async () => {} },
  { name: 'broken', scene: 'broken', go: async () => {} },
  {
    name: 'search',
    go: async (desk, page) => {
      await desk.search.fill('shoe');
      await page.getByRole('listbox', { name: 'Search results' }).waitFor();
    },
  },
  {
    name: 'search-offers',
    go: async (desk, page) => {
      await desk.search.fill('refund is:');
      await page.keyboard.press('ArrowDown');
      await page.getByRole('option', { name: 'is:unread', selected: true }).waitFor();
    },
  },
  {
    name: 'nothing-found',
    go: async (desk, page) => {
      await desk.search.fill('zzzz');
      await page.getByText('Nothing found').waitFor();
    },
  },
  {
    name: 'settings',
    scene: 'connected',
    go: async (_, page) => {
      await page.keyboard.press('Control+,');
      await page.getByText('returns@birkpay.example').first().waitFor();
    },
  },
  {
    name: 'connect-mailbox',
    go: async (_, page) => {
      await page.keyboard.press('Control+,');
      await page.getByRole('button', { name: 'Connect a mailbox' }).click();
      await page.getByLabel('E-mail address').fill('help@gmail.com');
      await page.keyboard.press('Enter');
      await page.getByLabel('Password', { exact: true }).last().fill('wrong');
      await page.getByRole('button', { name: 'Test connection' }).click();
      await page.getByText('accept user name and password').first().waitFor();
    },
  },
  {
    name: 'choose-folders',
    go: async (_, page) => {
      await page.keyboard.press('Control+,');
      await page.getByRole('button', { name: 'Connect a mailbox' }).click();
      await page.getByLabel('E-mail address').fill('help@shop.example');
      await page.keyboard.press('Enter');
      await page.getByLabel('Password', { exact: true }).last().fill('right');
      await page.getByRole('button', { name: 'Test connection' }).click();
      await page.getByText('Folders to bring in').waitFor();
    },
  },
  {
    name: 'senders',
    scene: 'connected',
    go: async (_, page) => {
      await page.keyboard.press('Control+,');
      await act(page, 'help@birkpay.example', 'Senders');
    },
  },
  {
    name: 'remove-mailbox',
    scene: 'connected',
    go: async (_, page) => {
      await page.keyboard.press('Control+,');
      await act(page, 'returns@birkpay.example', 'Remove');
    },
  },
  {
    name: 'account-menu',
    scene: 'connected',
    go: async (_, page) => {
      await page.keyboard.press('Control+,');
      await page.getByRole('button', { name: 'More: returns@birkpay.example' }).click();
    },
  },
  {
    name: 'rename-mailbox',
    scene: 'connected',
    go: async (_, page) => {
      await page.keyboard.press('Control+,');
      await act(page, 'help@birkpay.example', 'Rename');
    },
  },
  {
    name: 'mailbox-servers',
    scene: 'connected',
    go: async (_, page) => {
      await page.keyboard.press('Control+,');
      await act(page, 'help@birkpay.example', 'Servers');
      await page.getByText('More settings').click();
    },
  },
  { name: 'several-accounts', scene: 'connected', go: (desk) => read(desk, katharina) },
  {
    name: 'palette',
    go: async (_, page) => {
      await page.keyboard.press('Control+k');
      await page.getByRole('dialog').waitFor();
    },
  },
  {
    name: 'keys',
    go: async (_, page) => {
      await page.keyboard.press('?');
      await page.getByRole('dialog').waitFor();
    },
  },
  {
    name: 'practice-menu',
    go: async (_, page) => {
      await page.getByRole('button', { name: /^Practice line/ }).click();
    },
  },
];
