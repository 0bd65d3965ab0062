/** What is known of an imported package that is not part of the workspace. */
export type PackageStatus =
  /** Installed, and its text holds no word of registration. */
  | "installed-silent"
  /** Installed, and its modules are among those that are linked. */
  | "installed-read"
  /** Not found in the environment. */
  | "missing";

type Statuses = ReadonlyMap<string, PackageStatus>;

/** Whether the same is known of the same packages. */
export function sameStatuses(a: Statuses = new Map(), b: Statuses = new Map()): boolean {
  return a.size === b.size && [...a].every(([name, status]) => b.get(name) === status);
}

/** The packages that hold Keras's own objects and the functions that register. */
export const KERAS_PACKAGES: ReadonlySet<string> = new Set(["keras", "tensorflow", "tf_keras"]);

/** The first part of a dotted path. */
export function rootOf(path: string): string {
  const dot = path.indexOf(".");
  return dot < 0 ? path : path.slice(0, dot);
}

/**
 * Whether importing a package is known to register nothing of its own in Keras: Keras itself and TensorFlow (what they
 * hold is the catalogue's), the standard library, and packages whose wheels were searched for `register_keras_serializable`,
 * `custom_object`, `CustomObject` and `CUSTOM_OBJECT` without a hit that has to do with Keras (pandas 3.1.1 has test
 * classes of that name, torch 2.15.0 a local variable).
 */
export function isKnownSilent(root: string): boolean {
  return KERAS_PACKAGES.has(root) || STANDARD_LIBRARY.has(root) || SEARCHED.has(root) || root === "builtins";
}

/** Whether a package can be imported wherever Keras can: the standard library, and what Keras itself requires. */
export function isAlwaysThere(root: string): boolean {
  return STANDARD_LIBRARY.has(root) || KERAS_NEEDS.has(root) || root === "keras";
}

/** Whether a dotted path leads to something of Keras itself, also as TensorFlow holds it. */
export function isKerasObject(path: string): boolean {
  return /^(?:keras|tf_keras|tensorflow\.(?:python\.)?keras)\./.test(path);
}

/** What `keras` 3.15.1 requires by its metadata. */
const KERAS_NEEDS: ReadonlySet<string> = new Set("absl h5py ml_dtypes namex numpy optree packaging rich".split(" "));

/** Whether a package comes with Python itself. */
export function isStandardLibrary(root: string): boolean {
  return STANDARD_LIBRARY.has(root);
}

/**
 * Whether a package holds nothing that a config could mean: what comes with Python, and packages that read, write, fetch
 * or run. Those that compute are left out, since a Lambda layer may name their functions.
 */
export function isToolPackage(root: string): boolean {
  return STANDARD_LIBRARY.has(root) || TOOLS.has(root);
}

const TOOLS: ReadonlySet<string> = new Set(
  (
    "joblib cloudpickle dill requests urllib3 httpx yaml pip setuptools pkg_resources pytest _pytest click flask jinja2 boto3 " +
    "botocore paramiko IPython"
  ).split(" "),
);

/**
 * Whether a class of Keras, by its dotted path, has `get_config` itself or from its bases: all that Keras serializes have
 * it; callbacks, sequences and other helpers do not (read off Keras 3.15.1 and tf_keras 2.21.0).
 */
export function hasGetConfig(path: string): boolean {
  return KERAS_PACKAGES.has(rootOf(path)) && path.includes(".") && !WITHOUT_GET_CONFIG.test(path);
}

const WITHOUT_GET_CONFIG =
  /\.callbacks\.|\.wrappers\.SKLearn|\.distribution\.|\.(?:Callback\w*|Sequence|PyDataset|\w*Enqueuer|Progbar|custom_object_scope|CustomObjectScope|KerasFileEditor|ExportArchive|ImageDataGenerator|TimeseriesGenerator|Variable|KerasTensor|\w+Scope|name_scope|Config|DistillationLoss|Tensor|TensorShape|TensorSpec|Module|ExtensionType)$/;

/** Searched in the releases that were current in 2026. */
const SEARCHED: ReadonlySet<string> = new Set(
  (
    "numpy scipy tree h5py jax jaxlib ml_dtypes namex optree opt_einsum absl rich packaging torch pandas matplotlib mpl_toolkits sklearn " +
    "PIL tqdm cv2 seaborn joblib requests urllib3 yaml pytest _pytest setuptools pkg_resources attr attrs click " +
    "cloudpickle networkx pydantic sympy typing_extensions wrapt six dateutil decorator regex colorama pygments IPython " +
    "flask jinja2 boto3 botocore"
  ).split(" "),
);

/** `sys.stdlib_module_names` of Python 3.11, without the private ones that nobody imports. */
const STANDARD_LIBRARY: ReadonlySet<string> = new Set(
  (
    "__future__ _pickle _thread abc aifc antigravity argparse array ast asynchat asyncio asyncore atexit audioop base64 bdb " +
    "binascii bisect builtins bz2 cProfile calendar cgi cgitb chunk cmath cmd code codecs codeop collections colorsys " +
    "compileall concurrent configparser contextlib contextvars copy copyreg crypt csv ctypes curses dataclasses datetime " +
    "dbm decimal difflib dis distutils doctest email encodings ensurepip enum errno faulthandler fcntl filecmp fileinput " +
    "fnmatch fractions ftplib functools gc genericpath getopt getpass gettext glob graphlib grp gzip hashlib heapq hmac " +
    "html http idlelib imaplib imghdr imp importlib inspect io ipaddress itertools json keyword lib2to3 linecache locale " +
    "logging lzma mailbox mailcap marshal math mimetypes mmap modulefinder msilib msvcrt multiprocessing netrc nis nntplib " +
    "nt ntpath nturl2path numbers opcode operator optparse os ossaudiodev pathlib pdb pickle pickletools pipes pkgutil " +
    "platform plistlib poplib posix posixpath pprint profile pstats pty pwd py_compile pyclbr pydoc pydoc_data pyexpat " +
    "queue quopri random re readline reprlib resource rlcompleter runpy sched secrets select selectors shelve shlex shutil " +
    "signal site smtpd smtplib sndhdr socket socketserver spwd sqlite3 sre_compile sre_constants sre_parse ssl stat " +
    "statistics string stringprep struct subprocess sunau symtable sys sysconfig syslog tabnanny tarfile telnetlib tempfile " +
    "termios textwrap this threading time timeit tkinter token tokenize tomllib trace traceback tracemalloc tty turtle " +
    "turtledemo types typing unicodedata unittest urllib uu uuid venv warnings wave weakref webbrowser winreg winsound " +
    "wsgiref xdrlib xml xmlrpc zipapp zipfile zipimport zlib zoneinfo"
  ).split(" "),
);

/** The names of Python's `builtins` that code calls, decorates with or derives from. */
export const BUILTINS: ReadonlySet<string> = new Set(
  (
    "ArithmeticError AssertionError AttributeError BaseException BufferError DeprecationWarning EOFError Exception " +
    "FileExistsError FileNotFoundError FutureWarning IOError ImportError IndexError KeyError KeyboardInterrupt LookupError " +
    "MemoryError ModuleNotFoundError NameError NotImplemented NotImplementedError OSError OverflowError PermissionError " +
    "RecursionError ReferenceError RuntimeError RuntimeWarning StopIteration SyntaxError SystemError SystemExit TimeoutError " +
    "TypeError UnicodeError UserWarning ValueError Warning ZeroDivisionError __import__ abs aiter all anext any ascii bin " +
    "bool breakpoint bytearray bytes callable chr classmethod compile complex delattr dict dir divmod enumerate eval exec " +
    "exit filter float format frozenset getattr globals hasattr hash help hex id input int isinstance issubclass iter len " +
    "list locals map max memoryview min next object oct open ord pow print property quit range repr reversed round set " +
    "setattr slice sorted staticmethod str sum super tuple type vars zip"
  ).split(" "),
);
