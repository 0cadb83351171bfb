// Debian's absl is built without the thread sanitizer, and its locks are made of atomics and
// futexes, so the sanitizer cannot see what gRPC's threads hand to each other and would call every
// such hand-over a race. These definitions come before those of the library, do the same, and tell
// the sanitizer. Built into test programs with that sanitizer only.
#include <absl/synchronization/mutex.h>
#include <dlfcn.h>

extern "C" void __tsan_acquire(void* address);
extern "C" void __tsan_release(void* address);

namespace {

/// The library's own function of that mangled name.
template <class Function>
Function real(const char* name) {
    return reinterpret_cast<Function>(::dlsym(RTLD_NEXT, name));
}

using OnMutex = void (*)(absl::Mutex*);
using TryOnMutex = bool (*)(absl::Mutex*);

}  // namespace

namespace absl {
ABSL_NAMESPACE_BEGIN

void Mutex::Lock() {
    static const auto function = real<OnMutex>("_ZN4absl7debian35Mutex4LockEv");
    function(this);
    __tsan_acquire(this);
}

bool Mutex::TryLock() {
    static const auto function = real<TryOnMutex>("_ZN4absl7debian35Mutex7TryLockEv");
    const bool locked = function(this);
    if (locked) __tsan_acquire(this);
    return locked;
}

void Mutex::Unlock() {
    static const auto function = real<OnMutex>("_ZN4absl7debian35Mutex6UnlockEv");
    __tsan_release(this);
    function(this);
}

void Mutex::ReaderLock() {
    static const auto function = real<OnMutex>("_ZN4absl7debian35Mutex10ReaderLockEv");
    function(this);
    __tsan_acquire(this);
}

void Mutex::ReaderUnlock() {
    static const auto function = real<OnMutex>("_ZN4absl7debian35Mutex12ReaderUnlockEv");
    __tsan_release(this);
    function(this);
}

void CondVar::Wait(Mutex* mutex) {
    static const auto function =
        real<void (*)(CondVar*, Mutex*)>("_ZN4absl7debian37CondVar4WaitEPNS0_5MutexE");
    __tsan_release(mutex);
    function(this, mutex);
    __tsan_acquire(mutex);
}

bool CondVar::WaitWithDeadline(Mutex* mutex, Time deadline) {
    static const auto function = real<bool (*)(CondVar*, Mutex*, Time)>(
        "_ZN4absl7debian37CondVar16WaitWithDeadlineEPNS0_5MutexENS0_4TimeE");
    __tsan_release(mutex);
    const bool timedOut = function(this, mutex, deadline);
    __tsan_acquire(mutex);
    return timedOut;
}

bool CondVar::WaitWithTimeout(Mutex* mutex, Duration timeout) {
    static const auto function = real<bool (*)(CondVar*, Mutex*, Duration)>(
        "_ZN4absl7debian37CondVar15WaitWithTimeoutEPNS0_5MutexENS0_8DurationE");
    __tsan_release(mutex);
    const bool timedOut = function(this, mutex, timeout);
    __tsan_acquire(mutex);
    return timedOut;
}

ABSL_NAMESPACE_END
}  // namespace absl
