using System.ComponentModel;
using Lae.Numerics.Engines;
using Lae.Numerics.Engines.Managed;
using Lae.Numerics.Engines.Reference;

namespace Lae.Composition;

/// <summary>Makes the engine that computes a run: what configuration chooses by type.</summary>
public interface IEngineFactory
{
    /// <summary>An engine.</summary>
    /// <param name="threads">Threads among which an operation may be divided, 1 or more; an engine may use fewer. It never changes a bit of a result.</param>
    /// <returns>The engine.</returns>
    IEngine Create(int threads);
}

/// <summary>SIMD kernels and a packed matrix product on a pool of threads.</summary>
[Description("SIMD kernels and a packed matrix product on all threads")]
public sealed record ManagedEngineFactory : IEngineFactory
{
    private const int MostThreads = 256;

    /// <inheritdoc/>
    public IEngine Create(int threads) => new ManagedEngine(Math.Clamp(threads, 1, MostThreads));
}

/// <summary>Plain loops on one thread: slow, the oracle of every other engine.</summary>
[Description("plain loops on one thread: slow, the oracle of the others")]
public sealed record ReferenceEngineFactory : IEngineFactory
{
    /// <inheritdoc/>
    public IEngine Create(int threads) => new ReferenceEngine();
}
