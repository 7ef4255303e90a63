/** Runs dependency-cruiser over src/ and fails also when it read no modules. */
import { cruise } from 'dependency-cruiser';
import config from '../.dependency-cruiser.mjs';

const { output } = await cruise(['src'], { ...config.options, ruleSet: config, validate: true });
const { violations, totalCruised } = output.summary;
for (const { rule, from, to } of violations) console.error(`${rule.name}: ${from} → ${to}`);
if (totalCruised === 0) console.error('no module was read: the check checked nothing');
console.log(`arrows: ${totalCruised} modules, ${violations.length} violations`);
process.exitCode = violations.length > 0 || totalCruised === 0 ? 1 : 0;
