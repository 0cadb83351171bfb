#pragma once

// For Realm.cpp and HostFunctions.cpp.
#include "node/contract/Realm.h"
#include "node/contract/Script.h"

namespace chancery::node::contract {

struct Realm::Impl {
    explicit Impl(RealmHost& theHost) : host(theHost) {}
    ~Impl();

    RealmHost& host;
    ContractPackage package;
    JSContextGroupRef group = nullptr;
    JSGlobalContextRef context = nullptr;
    // Protected from the collector.
    JSObjectRef builtins = nullptr;
    JSObjectRef start = nullptr;
    JSObjectRef resume = nullptr;
    JSObjectRef drop = nullptr;
    bool stopped = false;  ///< the host ended what ran
    unsigned rearmed = 0;

    Status runBuiltins();
    Result<JSObjectRef> protectedFunction(const char* name);
    Status call(JSObjectRef function, const script::Values& arguments,
                JSValueRef* result = nullptr);
};

/// The object with what C++ does for the built-in modules. `impl` must be that of the thread's only
/// realm.
JSObjectRef makeHostObject(Realm::Impl& impl);

/// The realm of this thread.
Realm::Impl*& currentRealm();

}  // namespace chancery::node::contract
