namespace Lae.Numerics.Engines;

/// <summary>
/// Who computes: the one seam between Lae and the hardware. Memory is always the host's, so an engine holds no data, and
/// tensors may pass from one engine to another. Everything above this interface is the same for all engines.
/// </summary>
public interface IEngine
{
    /// <summary>The name by which configuration chooses the engine, such as <c>Managed</c>.</summary>
    string Name { get; }

    /// <summary>The number of threads among which an operation may be divided. It never changes a bit of a result.</summary>
    int Threads { get; }

    /// <summary>An engine of the same kind, whose results have the same bits, that divides its work among another number of threads.</summary>
    /// <param name="threads">1 or more.</param>
    /// <returns>An engine; null where this kind cannot be had with that number.</returns>
    IEngine? WithThreads(int threads) => threads == Threads ? this : null;

    /// <summary>The primitives on single precision.</summary>
    IPrimitives<float> Float32 { get; }

    /// <summary>The primitives on double precision.</summary>
    IPrimitives<double> Float64 { get; }
}
