import 'reflect-metadata';
import { runControlRoom } from './control-room.js';

await runControlRoom();
