"""The Jupyter project's own suite for kernels, jupyter_kernel_test, with what TypeScript says to each of its questions.

python -m unittest kernel_suite, with JUPYTER_PATH leading to the kernelspec.
"""

import jupyter_kernel_test


class TypeScriptKernelTests(jupyter_kernel_test.KernelTests):
    kernel_name = "gradamp"
    language_name = "typescript"
    file_extension = ".ts"
    code_hello_world = "console.log('hello, world')"
    code_stderr = "console.error('oops')"
    completion_samples = [
        {"text": "Math.hypo", "matches": {"hypot"}},
        {"text": "process.exitC", "matches": {"exitCode"}},
    ]
    complete_code_samples = ["1", "const f = () => {\n  return 1;\n};", "await Promise.resolve(1)", "// a comment"]
    incomplete_code_samples = ["const f = () => {", "1 +", "[1,", "`a", "/* a"]
    invalid_code_samples = ["let let = ;", "1)", "'a", "const 1 = 2"]
    code_page_something = "Math.sqrt?"
    code_generate_error = "throw new Error('no')"
    code_execute_result = [
        {"code": "6 * 7", "result": "42"},
        {"code": "'a'.repeat(3)", "result": "aaa"},
        {"code": "await Promise.resolve([1, 2])", "result": "[ 1, 2 ]"},
    ]
    code_display_data = [
        {"code": "(await import('tslab')).display.html('<b>1</b>')", "mime": "text/html"},
        {"code": "(await import('tslab')).display.svg('<svg/>')", "mime": "image/svg+xml"},
    ]
    code_history_pattern = "6*7"
    supported_history_operations = ("tail", "range", "search")
    code_inspect_sample = "Math.sqrt"
    code_clear_output = "require('gradamp').clearOutput()"


class TypeScriptWelcomeTests(jupyter_kernel_test.IopubWelcomeTests):
    kernel_name = "gradamp"
    support_iopub_welcome = True
