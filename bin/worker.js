/** A scanning thread: with the compiled code that its process was started with, if that was kept. */
'use strict';
require('./load-cli.js').loadCli();
require('../dist/worker.cjs');
