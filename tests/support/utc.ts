// Times on screen are local; tests read them in one zone.
process.env['TZ'] = 'UTC';
