import { describe, expect, it } from 'vitest';
import { checkExpression, type KnownNames } from '../../../src/respond/action/check.ts';
import { checkTemplate, parseTemplate, templateNames } from '../../../src/respond/action/template.ts';

const names: KnownNames = { params: ['container', 'token'], values: ['state', 'dump-db', 'verify'], outcome: false };
const said = (text: string, over: Partial<KnownNames> = {}): readonly string[] =>
	checkExpression(text, { ...names, ...over }).map(({ message, start, end, wayOut }) => `${message} @${text.slice(start, end)}${wayOut === undefined ? '' : ` > ${wayOut}`}`);

describe('checkExpression', () => {
	it('says nothing of what is right', () => {
		expect(said('state.exitCode == 0 && params.container != "" && steps["dump-db"].exitCode == 0 && [1].all(x, x > 0) && signal("cpu.percent") < 5')).toEqual([]);
		expect(said('status == 200 && has(json.a)', { outcome: true })).toEqual([]);
		expect(said('type(state) == map')).toEqual([]);
		expect(said('cel.bind(x, state.exitCode, x == 0)')).toEqual([]);
	});

	it('names each unknown name, its place and a way out', () => {
		expect(said('stat.exitCode == 0 || params.containr == "a" || y')).toEqual([
			'stat is not known here @stat.exitCode > Did you mean state?',
			'there is no parameter containr @params.containr > Did you mean container?',
			'y is not known here @y',
		]);
		expect(said('container == "a"')).toEqual(['container is not known @container > Write params.container.']);
		expect(said('dump-db.exitCode == 0')).toEqual(['dump is not known @dump > A name with a dash is written steps["dump-db"].']);
		expect(said('status == 200')).toEqual(["status is known in expect only @status > Register the step's result and write NAME.status."]);
		expect(said('steps.nope.exitCode == 0')).toEqual(['there is no step or registered name nope @steps.nope.exitCode']);
		expect(said('[1].all(x, x > z)')).toEqual(['z is not known here @z']);
	});

	it('tells syntax and types', () => {
		expect(checkExpression('a ==', names)).toEqual([{ message: 'it ends too early', start: 4, end: 4 }]);
		expect(said('"a" < 5')).toEqual(['string < int is not possible @"a" < 5']);
		expect(said('"a"')).toEqual(['must be true or false, but is a string @"a"']);
		expect(checkExpression('"a"', names, 'value')).toEqual([]);
		expect(said('nosuch("a")')[0]).toMatch(/no matching overload|nosuch/);
	});
});

describe('templates', () => {
	it('are cut at their expressions, strings and braces within them respected', () => {
		const parts = parseTemplate('a ${{ {"x": {"y": "}}"}} }} b ${{r"\\"}}${{ \'}}\' }}');
		expect(parts.map((part) => part.text)).toEqual(['a ', ' {"x": {"y": "}}"}} ', ' b ', 'r"\\"', " '}}' "]);
		expect(parseTemplate("{{json .State}} $P_x ${HOME} $")).toEqual([{ kind: 'text', text: '{{json .State}} $P_x ${HOME} $' }]);
		expect(parseTemplate('')).toEqual([]);
	});

	it.each(['${{ params.a', '${{ "a }}', '${{ }}', 'x ${{}}'])('%s is an error, never text', (text) => {
		expect(checkTemplate(text, names)).toHaveLength(1);
	});

	it('tell names and problems with places in the template', () => {
		const text = 'web-${{params.container}} of ${{ stat.x }}';
		expect(templateNames(text).map(({ name, start, end }) => [name, text.slice(start, end)])).toEqual([
			['params.container', 'params.container'],
			['stat.x', 'stat.x'],
		]);
		const [problem] = checkTemplate(text, names);
		expect(text.slice(problem?.start, problem?.end)).toBe('stat.x');
	});
});
