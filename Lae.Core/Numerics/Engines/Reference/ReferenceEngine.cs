namespace Lae.Numerics.Engines.Reference;

/// <summary>Plain loops, one thread, nothing clever: the oracle to which every other engine is held.</summary>
public sealed class ReferenceEngine : IEngine
{
    /// <inheritdoc/>
    public string Name => "Reference";

    /// <inheritdoc/>
    public int Threads => 1;

    /// <inheritdoc/>
    public IPrimitives<float> Float32 { get; } = new ReferencePrimitives<float>();

    /// <inheritdoc/>
    public IPrimitives<double> Float64 { get; } = new ReferencePrimitives<double>();
}
