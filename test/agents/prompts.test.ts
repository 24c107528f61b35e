import {describe, expect, test} from 'vitest';
import {subtaskPrompt} from '../../source/agents/prompts.ts';
import {brief} from './scripted-session.ts';

describe('the first message of an attempt', () => {
	test('leaves out what there is nothing to say about', () => {
		const text = subtaskPrompt({
			...brief,
			checks: [],
			subtask: {...brief.subtask, writes: [], outputs: []},
		});
		expect(text.match(/^# .*/gm)).toEqual(['# Subtask', '# The task that it is part of', '# You']);
	});

	test('tells what was done before, what failed, and what the project asks for', () => {
		const text = subtaskPrompt({
			...brief,
			dependencies: [
				{
					id: 'tests',
					title: 'Run the tests',
					status: 'failed',
					summary: 'three are red',
					evidence: 'diff --git a b',
				},
			],
			previous: {reason: 'checks were red', evidence: '1 !== 2'},
			projectInstructions: 'Use tabs.',
			commandsNeedPermission: true,
		});
		for (const part of [
			'tests (Run the tests): failed. three are red\ndiff --git a b',
			'# Why the attempt before failed\n\nchecks were red',
			'# What it left behind\n\n1 !== 2',
			'# Instructions of the project\n\nUse tabs.',
			'permission of a person',
			'teammate-2',
		]) {
			expect(text).toContain(part);
		}
	});

	test('is the same for the same brief, byte for byte', () => {
		expect(subtaskPrompt(structuredClone(brief))).toBe(subtaskPrompt(brief));
	});
});
