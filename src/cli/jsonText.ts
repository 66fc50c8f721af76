/** What JSON leaves raw within strings and a terminal would obey or hide: DEL, C1, separators, formatting characters. */
const unsafe = /[\u007f-\u009f\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\ufff9-\ufffb]/gu;

const escapeUnit = (character: string): string => {
	let out = '';
	for (let index = 0; index < character.length; index++) out += `\\u${character.charCodeAt(index).toString(16).padStart(4, '0')}`;
	return out;
};

/** JSON that is harmless on a terminal and means the same: such characters are written as `\uXXXX`. */
export const jsonText = (value: unknown, indent?: number): string => JSON.stringify(value, undefined, indent).replaceAll(unsafe, escapeUnit);
