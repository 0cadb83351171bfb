# Read by ctest before it runs the tests: how the sanitizers treat libraries that are not built with them. Programs
# without sanitizers ignore these variables.
set(here ${CMAKE_CURRENT_LIST_DIR})
# The quarantine is small, because contracts are held to what their process has in memory.
set(ENV{ASAN_OPTIONS} "quarantine_size_mb=16:detect_leaks=1:detect_stack_use_after_return=1:check_initialization_order=1:strict_string_checks=1")
set(ENV{LSAN_OPTIONS} "suppressions=${here}/lsan.supp:print_suppressions=0")
set(ENV{UBSAN_OPTIONS} "print_stacktrace=1:halt_on_error=1")
set(ENV{TSAN_OPTIONS} "suppressions=${here}/tsan.supp:halt_on_error=1:second_deadlock_stack=1:history_size=4:ignore_noninstrumented_modules=1:die_after_fork=0")
