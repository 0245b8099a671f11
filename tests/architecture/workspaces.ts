/** The workspaces as they stand: what they declare, and what their files import. */
import { readdirSync, readFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';

export const root: string = fileURLToPath(new URL('../..', import.meta.url));

export interface Manifest {
  name: string;
  dependencies?: Record<string, string>;
  devDependencies?: Record<string, string>;
}

export interface Import {
  /** From the root of the repository. */
  file: string;
  /** As written; a relative one from the root of the repository. */
  specifier: string;
}

/** 'packages/terminal', 'apps/cli' and so on. */
export const workspaces: string[] = ['packages', 'apps'].flatMap((folder) =>
  readdirSync(join(root, folder)).map((name) => `${folder}/${name}`),
);

export function manifestOf(workspace: string): Manifest {
  return JSON.parse(readText(join(workspace, 'package.json')));
}

export function readText(path: string): string {
  return readFileSync(join(root, path), 'utf8');
}

export function importsOf(workspace: string): Import[] {
  return sourcesOf(workspace).flatMap((file) => {
    const { importedFiles } = ts.preProcessFile(readText(file));
    return importedFiles.map(({ fileName }) => ({ file, specifier: fromRoot(file, fileName) }));
  });
}

/** '@scope/name/part' is part of '@scope/name'; a builtin is called by its bare name. */
export function packageOf(specifier: string): string {
  return specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');
}

export function isPackage(specifier: string): boolean {
  return !specifier.startsWith('.') && !isBuiltin(specifier);
}

export function sourcesOf(workspace: string): string[] {
  const directory = join(root, workspace, 'src');
  return readdirSync(directory, { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.tsx?$/.test(name))
    .map((name) => join(workspace, 'src', name));
}

function fromRoot(file: string, specifier: string): string {
  if (!specifier.startsWith('.')) return specifier;
  return `./${relative(root, join(root, dirname(file), specifier))}`;
}
