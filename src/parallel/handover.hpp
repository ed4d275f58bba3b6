// What was written before give() is seen after take(): oneTBB sees to that, but ThreadSanitizer cannot see it there,
// since the library is not built with it. Nothing in other builds.
#pragma once

#if defined(__SANITIZE_THREAD__)
#define JL_THREAD_SANITIZER 1
#elif defined(__has_feature)
#if __has_feature(thread_sanitizer)
#define JL_THREAD_SANITIZER 1
#endif
#endif

#ifdef JL_THREAD_SANITIZER
extern "C" void __tsan_acquire(void* address);
extern "C" void __tsan_release(void* address);
#endif

namespace jl::handover {

#ifdef JL_THREAD_SANITIZER
inline char place;
inline void give() noexcept { __tsan_release(&place); }
inline void take() noexcept { __tsan_acquire(&place); }
#else
inline void give() noexcept {}
inline void take() noexcept {}
#endif

}  // namespace jl::handover
