import { Box } from 'ink';
import { memo } from 'react';
import { Row } from './Row.tsx';

export interface BlockProps {
	readonly left: number;
	readonly top: number;
	readonly width: number;
	/** Each exactly `width` cells wide. */
	readonly rows: readonly string[];
	/** Set where it stands over something else: then its blanks must be drawn too. */
	readonly covers?: boolean;
}

/** Blanks at the end of a row cost as much as letters, and the screen is blank anyway. An empty text would have no height. */
const withoutEnd = (text: string): string => text.trimEnd() || ' ';

/** Rows at a fixed place. They are keyed by position, so that a row that changes touches nothing else. */
export const Block = memo(({ left, top, width, rows, covers = false }: BlockProps) => (
	<Box position="absolute" left={left} top={top} width={width} height={rows.length} flexDirection="column" flexShrink={0}>
		{rows.map((text, index) => (
			<Row key={index} text={covers ? text : withoutEnd(text)} />
		))}
	</Box>
));
Block.displayName = 'Block';
