// Compiler options of the app's components; read by Vite and by svelte-check.
export default { compilerOptions: { runes: true } };
