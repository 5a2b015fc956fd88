import { chromium } from 'playwright-core';
import { chromium as executablePath } from './install.mjs';

/** A headless browser that stays off the network. */
export function launchBrowser() {
  return chromium.launch({
    executablePath,
    args: [
      '--headless',
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
}
