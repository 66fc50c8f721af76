/** The service's own description, in OpenAPI 3.1. */
export function openApi(version) {
	const json = (description) => ({ description, content: { 'application/json': {} } });
	return {
		openapi: '3.1.0',
		info: { title: 'cloud-native-poc', version },
		paths: {
			'/health': { get: { summary: 'Whether the process works', responses: { 200: json('healthy'), 503: json('unhealthy') } } },
			'/ready': { get: { summary: 'Whether the database can be read and written', responses: { 200: json('ready'), 503: json('not ready') } } },
			'/api/items': {
				get: { summary: 'First 100 items', responses: { 200: json('items') } },
				post: { summary: 'Adds an item', responses: { 201: json('the item'), 422: json('name or price missing') } },
			},
			'/api/items/{id}': { get: { summary: 'One item', responses: { 200: json('the item'), 404: json('not found') } } },
		},
	};
}
