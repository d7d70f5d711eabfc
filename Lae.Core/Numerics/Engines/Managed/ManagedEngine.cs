using System.Runtime.Intrinsics;

namespace Lae.Numerics.Engines.Managed;

/// <summary>
/// The default engine: managed code in SIMD, with a pool of background threads of its own. It may be used by several threads at once (the second one
/// computes without the pool's help), keeps its scratch memory, and allocates nothing in a steady state but in the symmetric eigenvalues.
/// </summary>
public sealed class ManagedEngine : IEngine
{
    private const int MostThreads = 256;

    private readonly int registerBits;

    /// <summary>An engine that divides work among <paramref name="threads"/> threads, the caller's included.</summary>
    /// <param name="threads">In [1, 256]; 1 starts no thread.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="threads"/> is outside [1, 256].</exception>
    public ManagedEngine(int threads)
        : this(threads, WidestRegister)
    {
    }

    /// <summary>An engine with registers of <paramref name="registerBits"/> bits, accelerated by the processor or not, which may divide even the smallest work.</summary>
    internal ManagedEngine(int threads, int registerBits, bool isEager = false)
    {
        if (threads is < 1 or > MostThreads)
        {
            throw new ArgumentOutOfRangeException(nameof(threads), threads, "The number of threads must be in [1, 256].");
        }

        Threads = threads;
        this.registerBits = registerBits;
        WorkerPool pool = new(threads, isEager);
        (Float32, Float64) = registerBits switch
        {
            512 => ((IPrimitives<float>)new ManagedPrimitives<float, Vector512<float>, Lanes512<float>>(pool),
                (IPrimitives<double>)new ManagedPrimitives<double, Vector512<double>, Lanes512<double>>(pool)),
            256 => (new ManagedPrimitives<float, Vector256<float>, Lanes256<float>>(pool),
                new ManagedPrimitives<double, Vector256<double>, Lanes256<double>>(pool)),
            128 => (new ManagedPrimitives<float, Vector128<float>, Lanes128<float>>(pool),
                new ManagedPrimitives<double, Vector128<double>, Lanes128<double>>(pool)),
            _ => throw new ArgumentOutOfRangeException(nameof(registerBits), registerBits, "Registers have 128, 256 or 512 bits."),
        };
    }

    /// <summary>The engine that is shared by those who ask for none in particular, with a thread for each processor (256 at most).</summary>
    public static ManagedEngine Default { get; } = new(Math.Clamp(Environment.ProcessorCount, 1, MostThreads));

    /// <inheritdoc/>
    public string Name => "Managed";

    /// <inheritdoc/>
    public int Threads { get; }

    /// <inheritdoc/>
    public IPrimitives<float> Float32 { get; }

    /// <inheritdoc/>
    public IPrimitives<double> Float64 { get; }

    /// <inheritdoc/>
    public IEngine WithThreads(int threads) => threads == Threads ? this : new ManagedEngine(threads, registerBits);

    internal static int WidestRegister => Vector512.IsHardwareAccelerated ? 512 : Vector256.IsHardwareAccelerated ? 256 : 128;
}
