#!/usr/bin/env node
'use strict';
const { existsSync } = require('node:fs');
const { enableCompileCache } = require('node:module');

const { HOME, XDG_CACHE_HOME: caches = HOME && `${HOME}/.cache` } = process.env;
// Node 22.1 and newer keep compiled code for the next start; here only where no other user can write.
if (enableCompileCache && caches && existsSync(caches)) enableCompileCache(`${caches}/keywarden`);

const { run } = require('../dist/cli.cjs');
run().then((code) => (process.exitCode = code));
