using Lae.Kernels;
using Lae.Numerics;

namespace Lae.Models;

/// <summary>How the latent points of a batch are moved: coordinates, and a kernel on them.</summary>
public interface ILatentKernel
{
    /// <summary>What it is called in reports.</summary>
    string Name { get; }

    /// <summary>Whether a Metropolis test is made, so that a step size can be adapted to an acceptance.</summary>
    bool IsAdjusted { get; }

    /// <summary>Whether the coordinates decide the last encoder layer, so that it can be the state itself.</summary>
    bool MovesLastLayer { get; }

    /// <summary>Whether a transition moves or keeps all latent points of a batch together, so that every state is one at which the density was asked for.</summary>
    bool MovesTogether => false;

    /// <summary>Whether it asks for <see cref="LatentDensity.Precision"/>, which the posteriors of a decoder have and a prior has not.</summary>
    bool NeedsCurvature => false;

    /// <summary>The coordinates of a batch.</summary>
    /// <param name="density">The posteriors of the batch.</param>
    /// <param name="features">G, [n, features].</param>
    /// <param name="lastLayer">Φ, [latentSize, features].</param>
    /// <returns>Coordinates.</returns>
    LatentCoordinates Coordinates(LatentDensity density, Tensor features, Tensor lastLayer);
}

/// <summary>Kernels on coordinates.</summary>
public static class LatentKernel
{
    /// <summary>The Langevin kernel of a latent kernel on a batch's coordinates, which obeys all laws of kernels.</summary>
    /// <param name="kernel">Which.</param>
    /// <param name="coordinates">What its <see cref="ILatentKernel.Coordinates"/> made.</param>
    /// <param name="stepSize">η, positive, on the sum over the batch of the energies.</param>
    /// <returns>ULA or MALA.</returns>
    public static Kernel<LangevinState> On(this ILatentKernel kernel, LatentCoordinates coordinates, double stepSize)
    {
        LangevinSettings settings = new(stepSize);
        return kernel.IsAdjusted ? MetropolisLangevin.Create(coordinates.Target, settings) : UnadjustedLangevin.Create(coordinates.Target, settings);
    }
}
