#pragma once

// For the sources of this folder: the engine's C interface with owners and conversions.
#include <JavaScriptCore/JavaScript.h>

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "src/base/Bytes.h"
#include "src/base/Status.h"

// Exported by the library, but declared in headers that are not installed.
extern "C" {
typedef bool (*JSShouldTerminateCallback)(JSContextRef context, void* data);
void JSContextGroupSetExecutionTimeLimit(JSContextGroupRef group, double seconds,
                                         JSShouldTerminateCallback callback, void* data);
void JSLock(JSContextRef context);
void JSUnlock(JSContextRef context);
}

namespace chancery::node::contract::script {

struct ReleaseString {
    void operator()(OpaqueJSString* text) const { JSStringRelease(text); }
};
using String = std::unique_ptr<OpaqueJSString, ReleaseString>;

/// Holds the engine's lock for several calls, each of which would take it otherwise.
class Locked {
public:
    explicit Locked(JSContextRef context) : m_context(context) { JSLock(context); }
    ~Locked() { JSUnlock(m_context); }
    Locked(const Locked&) = delete;
    Locked& operator=(const Locked&) = delete;

private:
    JSContextRef m_context;
};

/// From UTF-8.
String makeString(BytesView text);
JSValueRef makeText(JSContextRef context, BytesView text);
/// An ArrayBuffer that takes the bytes over.
JSValueRef makeBytes(JSContextRef context, Bytes bytes);
JSValueRef makeError(JSContextRef context, std::string_view message);

Bytes toBytes(JSStringRef text);
/// "" when the value cannot be made text.
Bytes textOf(JSContextRef context, JSValueRef value);
/// Text as UTF-8, or the content of an ArrayBuffer or TypedArray. INVALID_ARGUMENT (NOT_BYTES).
Result<Bytes> bytesOf(JSContextRef context, JSValueRef value);
JSValueRef property(JSContextRef context, JSObjectRef object, const char* name);
void setProperty(JSContextRef context, JSObjectRef object, const char* name, JSValueRef value);

/// Arguments of a call. The collector looks for references on the stack, not in a vector.
class Values {
public:
    explicit Values(JSContextRef context) : m_context(context) {}
    ~Values() {
        for (JSValueRef value : m_values) JSValueUnprotect(m_context, value);
    }
    Values(const Values&) = delete;
    Values& operator=(const Values&) = delete;

    Values& add(JSValueRef value) {
        JSValueProtect(m_context, value);
        m_values.push_back(value);
        return *this;
    }
    Values& add(double number) { return add(JSValueMakeNumber(m_context, number)); }
    Values& add(bool truth) { return add(JSValueMakeBoolean(m_context, truth)); }
    Values& add(std::string_view text) { return add(makeText(m_context, text)); }

    std::size_t size() const { return m_values.size(); }
    const JSValueRef* data() const { return m_values.data(); }

private:
    JSContextRef m_context;
    std::vector<JSValueRef> m_values;
};

/// Message and, for the log, the stack of what was thrown.
struct Thrown {
    std::string message;
    std::string stack;
};
Thrown describe(JSContextRef context, JSValueRef exception);

}  // namespace chancery::node::contract::script
