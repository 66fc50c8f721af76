/** The example in the reference; it is checked as any other file is. */
export const examplePlaybook = `schemaVersion: 1
id: shop-api-down
version: 1.0.0
kind: incident
severity: P0
title: "P0: the shop's API is down"
summary: Finds out why the container ended, starts it again, and waits until it answers.
source: Shop runbook, chapter 3
triggers: [{rule: container-down}]
appliesTo: {service: shop/api}
params:
  container: {type: container, default: shop-api-1}
  database: {type: path, default: /srv/shop/shop.db}
  lines: {type: integer, default: 200, min: 1, max: 5000}
phases:
  immediate: {title: First five minutes, budgetMinutes: 5}
  recovery: {title: Recovery}
steps:
- id: state
  title: How it ended
  phase: immediate
  risk: read
  run: [docker, inspect, -f, '{{json .State}}', '\${{params.container}}']
  register: state
  timeoutSeconds: 10
- id: logs
  risk: read
  sh: docker logs --tail "$P_lines" "$P_container" 2>&1
  timeoutSeconds: 20
- id: cause
  title: Why it ended
  choices:
  - {title: Killed for memory, when: state.OOMKilled == true, evidence: state.ExitCode, nextStep: tell}
  - {title: The database is damaged, nextStep: check}
  - {title: Something else, when: state.OOMKilled == false, evidence: state.ExitCode, nextStep: start}
- id: tell
  message: 'The API was killed for memory (\${{params.container}}).'
  nextStep: start
- id: check
  title: Check the database
  phase: recovery
  database: {system: sqlite, action: integrity, path: '\${{params.database}}'}
  onFailure: playbook:shop-restore
- id: start
  title: Start the container
  phase: recovery
  risk: change
  unless: signal("container.running") == 1
  container: {action: start, name: '\${{params.container}}'}
  undo:
    container: {action: stop, name: '\${{params.container}}'}
- id: answers
  kind: waitFor
  http: {url: 'http://127.0.0.1:8000/health'}
  expect: status == 200 && json.status == "healthy"
  intervalSeconds: 2
  consecutiveSuccessLimit: 3
  timeoutSeconds: 60
  isEnd: true
`;
