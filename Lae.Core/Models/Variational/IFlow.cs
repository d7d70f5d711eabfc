using Lae.Numerics;
using Lae.Randomness;

namespace Lae.Models;

/// <summary>What a flow makes of points.</summary>
/// <param name="Latents">f(z), [m, d_z].</param>
/// <param name="LogDeterminant">log |det ∂f/∂z| of every row, [m].</param>
public sealed record FlowResult(Tensor Latents, Tensor LogDeterminant);

/// <summary>
/// An invertible map f of latent space with a cheap log-determinant. What depends on the observation comes in as a row of numbers, the condition, which is a linear function of the encoder's features; weights
/// that all observations share are parameters.
/// </summary>
public interface IFlow
{
    /// <summary>Numbers in the condition of an observation.</summary>
    int ConditionSize { get; }

    /// <summary>The condition that all observations have at the start: a flow near the identity.</summary>
    /// <param name="key">Decides it.</param>
    /// <param name="dtype">The number type.</param>
    /// <returns>[conditionSize].</returns>
    Tensor InitialCondition(RandomKey key, DType dtype);

    /// <summary>Shared parameters to start from.</summary>
    /// <param name="key">Decides them.</param>
    /// <param name="dtype">Their number type.</param>
    /// <returns>A named tree, perhaps empty.</returns>
    TensorTree Initialize(RandomKey key, DType dtype);

    /// <summary>The map.</summary>
    /// <param name="parameters">A tree with the names of <see cref="Initialize"/>.</param>
    /// <param name="condition">[m, conditionSize].</param>
    /// <param name="z">[m, d_z].</param>
    /// <returns>f(z) and its log-determinant.</returns>
    FlowResult Apply(TensorTree parameters, Tensor condition, Tensor z);
}
