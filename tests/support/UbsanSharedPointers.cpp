// JavaScriptCore is built without RTTI, and its std::shared_ptr end their lives in the only
// function of that template that compilers leave as a call, for which the dynamic linker takes
// ours; there the undefined-behaviour sanitizer looks for RTTI. This definition comes before those
// that compilers make, does the same, and does not look. Built with that sanitizer only, into
// programs with that engine, and itself without that check.
#include <memory>

extern "C" __attribute__((flatten)) void
_ZNSt16_Sp_counted_baseILN9__gnu_cxx12_Lock_policyE2EE24_M_release_last_use_coldEv(
    std::_Sp_counted_base<__gnu_cxx::_S_atomic>* counts) noexcept {
    counts->_M_release_last_use();
}
