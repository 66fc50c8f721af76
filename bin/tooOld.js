// Must parse on any Node, as bin/sitrep must.
'use strict';

var path = require('path');
var fs = require('fs');

/** Runs `file` with the Node in node_modules, where there is one and this is not it already; else says what is needed. */
module.exports = function tooOld(needed, file) {
	var carried = path.join(__dirname, '..', 'node_modules', '.bin', 'node');
	if (!process.env.SITREP_RELAUNCHED && fs.existsSync(carried)) {
		relaunch(carried, file);
		return;
	}
	process.stderr.write(
		'sitrep needs Node ' + needed.join('.') + ' or newer; this is Node ' + process.versions.node + ' (' + process.execPath + ').\n' +
			'Install a newer Node, or in a checkout run: npm start\n'
	);
	process.exitCode = 2;
};

function relaunch(node, file) {
	var env = Object.assign({}, process.env, { SITREP_RELAUNCHED: '1' });
	var child = require('child_process').spawn(node, [file].concat(process.argv.slice(2)), { stdio: 'inherit', env: env });
	// The terminal sends its own signals to both of us; passing these on as well would deliver them twice.
	var own = process.stdin.isTTY ? ['SIGINT', 'SIGQUIT'] : [];
	['SIGTERM', 'SIGHUP', 'SIGINT', 'SIGQUIT', 'SIGUSR2', 'SIGWINCH', 'SIGCONT'].forEach(function (name) {
		process.on(name, function () {
			if (own.indexOf(name) === -1) child.kill(name);
		});
	});
	child.on('error', function (error) {
		process.stderr.write('sitrep: ' + node + ' does not start: ' + error.message + '\n');
		process.exitCode = 2;
	});
	child.on('exit', function (code, signal) {
		if (signal === null) {
			process.exit(code);
		}
		process.removeAllListeners(signal);
		process.kill(process.pid, signal);
	});
}
