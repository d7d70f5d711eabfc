using Lae.Kernels;
using Lae.Numerics;
using Lae.Randomness;

namespace Lae.Models;

/// <summary>The T states that a latent kernel visits on one batch.</summary>
/// <param name="Start">Z before, [n, latentSize].</param>
/// <param name="Latents">Z after each transition, T times [n, latentSize].</param>
/// <param name="LastLayers">Φ after each transition where the coordinates decide it, else empty.</param>
/// <param name="LogDensity">The log density after the last transition, summed over the batch.</param>
/// <param name="Acceptance">The mean acceptance probability of all transitions; 1 for an unadjusted kernel.</param>
/// <param name="Precision">The curvature at the start, where the coordinates know it: <see cref="LatentCoordinates.Precision"/>.</param>
/// <param name="Drift">(1/T) Σ_t ∇_Z log p(z^(t), x) over t = 0 … T − 1, [n, latentSize], where it was asked for and the coordinates know it: <see cref="LatentCoordinates.ToLatentGradient"/>.</param>
public sealed record LatentRun(
    Tensor Start, IReadOnlyList<Tensor> Latents, IReadOnlyList<Tensor> LastLayers, double LogDensity, double Acceptance, Tensor? Precision = null, Tensor? Drift = null)
{
    /// <summary>Adds every tensor of it to a list.</summary>
    internal void AddTo(List<Tensor> tensors)
    {
        tensors.Add(Start);
        tensors.AddRange(Latents);
        tensors.AddRange(LastLayers);
        AddIfThere(tensors, Precision, Drift);
    }

    /// <summary>Adds those that there are to a list.</summary>
    internal static void AddIfThere(List<Tensor> tensors, params ReadOnlySpan<Tensor?> some)
    {
        foreach (Tensor? tensor in some)
        {
            if (tensor is not null)
            {
                tensors.Add(tensor);
            }
        }
    }

    /// <summary>Runs a latent kernel: one gradient of the decoder for the start, and one for each transition.</summary>
    /// <param name="kernel">The latent kernel.</param>
    /// <param name="coordinates">What its <see cref="ILatentKernel.Coordinates"/> made.</param>
    /// <param name="stepSize">η, positive.</param>
    /// <param name="transitions">T, 1 or more.</param>
    /// <param name="key">All randomness.</param>
    /// <param name="withDrift">Whether to keep the drift.</param>
    /// <returns>The states visited.</returns>
    public static LatentRun Of(ILatentKernel kernel, LatentCoordinates coordinates, double stepSize, int transitions, RandomKey key, bool withDrift = false)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(transitions, 1);
        Kernel<LangevinState> langevin = kernel.On(coordinates, stepSize);
        LangevinState state = langevin.Initialize(coordinates.Start);
        state.RequireFinite(step: 0, prefix: "the latent ");
        Chains chains = Chains.Range(coordinates.Start.Shape[0]);
        Tensor[] latents = new Tensor[transitions];
        Tensor[] lastLayers = coordinates.ToLastLayer is null ? [] : new Tensor[transitions];
        double acceptance = 0;
        Func<Tensor, Tensor>? toLatentGradient = withDrift ? coordinates.ToLatentGradient : null;
        Tensor? gradients = null;
        for (int t = 0; t < transitions; t++)
        {
            if (toLatentGradient is not null)
            {
                gradients = gradients is null ? state.Gradient : gradients + state.Gradient;
            }

            Transition<LangevinState> next = langevin.Transition(new NoiseSource(key, t, chains, coordinates.Start.Workspace), state);
            state = next.State;
            state.RequireFinite(t + 1, prefix: "the latent ");
            acceptance += next.Info.MeanAcceptance / transitions;
            latents[t] = coordinates.ToLatents(state.Position);
            if (coordinates.ToLastLayer is not null)
            {
                lastLayers[t] = coordinates.ToLastLayer(state.Position);
            }
        }

        // the map is linear: once will do
        Tensor? drift = gradients is null ? null : toLatentGradient!(gradients) / transitions;
        return new LatentRun(coordinates.ToLatents(coordinates.Start), latents, lastLayers, state.LogDensity.Sum().ToDouble(), acceptance, coordinates.Precision, drift);
    }
}
