/** Both servers as a program: prints one line of JSON with addresses and a first key of each, and stays until it is ended. */
import { startAgentmail } from './agentmail.ts';
import { startRobotomail } from './robotomail.ts';

const [robotomail, agentmail] = await Promise.all([startRobotomail(), startAgentmail()]);
const started = {
  robotomail: { url: robotomail.url, key: robotomail.addKey({ name: 'default' }).key },
  agentmail: { url: agentmail.url, key: agentmail.addKey({ name: 'default' }).key },
};
process.stdout.write(`${JSON.stringify(started)}\n`);
